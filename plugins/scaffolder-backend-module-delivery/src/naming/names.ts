/** Templates that have ECS services. The last one has two: `<name>-backend` and `<name>-frontend`. */
export const WORKER = 'worker-cdk-service';
export const BLUE_GREEN = 'terraform-bluegreen-service';
export const TEMPLATES: readonly string[] = [
  'node-ecs-service',
  'python-ecs-service',
  WORKER,
  BLUE_GREEN,
];

/** Environments of which the pipeline asks no approver; every other one needs one, whatever the configuration says. */
const WITHOUT_APPROVER = new Set(['dev', 'qa', 'staging', 'test']);
const MAX_ROLE_NAME = 64;

/** Where an environment lives. */
export interface EnvironmentPlace {
  name: string;
  tier?: string;
  /** Twelve digits. */
  accountId: string;
  region: string;
  /** Name, not ARN. */
  cluster: string;
  /** What the configuration says. */
  approval?: boolean;
}

/** True when somebody has to approve what goes in. */
export function needsApproval(environment: EnvironmentPlace): boolean {
  const { name, tier, approval } = environment;
  return (
    approval === true || tier === 'production' || !WITHOUT_APPROVER.has(name)
  );
}

export function isServiceName(name: string): boolean {
  return /^[a-z][a-z0-9-]{1,38}[a-z0-9]$/.test(name);
}

export function isEnvironmentName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,30}$/.test(name) && !name.startsWith('infra-');
}

export function isAccountId(value: string): boolean {
  return /^\d{12}$/.test(value);
}

export function isRegion(value: string): boolean {
  return /^[a-z]{2}(-[a-z]+){1,2}-\d{1,2}$/.test(value);
}

/** Roles that the onboarding makes, by what they are for. */
export type RolePurpose =
  | 'build'
  | 'deploy'
  | 'settle'
  | 'plan'
  | 'changeset'
  | 'infra'
  | 'execution';

/** `<name>-build`, `<name>-<purpose>-<environment>` */
export function roleName(
  service: string,
  purpose: RolePurpose,
  environment?: string,
): string {
  return [service, purpose, environment].filter(Boolean).join('-');
}

/** Roles whose names AWS would refuse, by the longest that each environment gets. */
export function tooLongRoles(
  service: string,
  environments: readonly string[],
): string[] {
  return environments
    .map(environment => roleName(service, 'execution', environment))
    .filter(role => role.length > MAX_ROLE_NAME);
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

export function roleArn(
  { accountId, region }: { accountId: string; region: string },
  role: string,
): string {
  return `arn:${partitionOf(region)}:iam::${accountId}:role/${role}`;
}

const suffixOf = (environment: string) =>
  environment.toUpperCase().replace(/[^A-Z0-9]/g, '_');

/** Repository variable of the role that plans infrastructure and reads only. */
export function planRoleVariable(environment: string): string {
  return `AWS_PLAN_ROLE_ARN_${suffixOf(environment)}`;
}

/** Repository variable of the role that prepares change sets of a worker's stack and cannot execute them. */
export function changeSetRoleVariable(environment: string): string {
  return `AWS_CHANGESET_ROLE_ARN_${suffixOf(environment)}`;
}
