/** The templates of this package: the names of the folders in `templates`. */
export const TEMPLATE_IDS = [
  'node-ecs-service',
  'python-ecs-service',
  'worker-cdk-service',
  'terraform-bluegreen-service',
  'platform-workflows',
] as const;

export type TemplateId = (typeof TEMPLATE_IDS)[number];

/** Whether a template creates a service, with environments and roles; the other one creates what the services call. */
export function createsService(id: TemplateId): boolean {
  return id !== 'platform-workflows';
}

/** Images that the rendered repository cannot do without. */
export const NEEDED_IMAGES: Readonly<Record<TemplateId, readonly string[]>> = {
  'node-ecs-service': ['node', 'postgres', 'gitleaks'],
  'python-ecs-service': ['python', 'postgres', 'gitleaks'],
  'worker-cdk-service': ['node', 'postgres', 'gitleaks'],
  'terraform-bluegreen-service': ['node', 'postgres', 'gitleaks'],
  'platform-workflows': ['gitleaks', 'cosign'],
};
