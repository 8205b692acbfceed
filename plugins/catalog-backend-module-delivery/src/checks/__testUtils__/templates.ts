import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

const FOLDER = resolve(__dirname, '../../../templates');

/** Templates whose output is a service. */
export const SERVICE_TEMPLATES = [
  'node-ecs-service',
  'python-ecs-service',
  'worker-cdk-service',
  'terraform-bluegreen-service',
] as const;

/** Every template whose output is checked. */
export const TEMPLATES = [...SERVICE_TEMPLATES, 'platform-workflows'] as const;

export type TemplateId = (typeof TEMPLATES)[number];

/** A `fetch:template` step as a `template.yaml` writes it; the values are expressions. */
export interface FetchStep {
  readonly if?: string;
  readonly input: {
    readonly url: string;
    readonly targetPath?: string;
    readonly templateFileExtension?: string | boolean;
    readonly values: Readonly<Record<string, unknown>>;
  };
}

/** Folder of a template. */
export const templateFolder = (id: TemplateId) => join(FOLDER, id);

/** Whether a template has a skeleton with workflows to check. */
export function hasWorkflows(id: TemplateId): boolean {
  const folder = join(templateFolder(id), 'skeleton/.github/workflows');
  return existsSync(folder) && readdirSync(folder).length > 0;
}

/** The steps of a template that fetch, in order. */
export function fetchSteps(id: TemplateId): FetchStep[] {
  const file = join(templateFolder(id), 'template.yaml');
  const { spec } = parse(readFileSync(file, 'utf8')) as {
    spec: { steps: (FetchStep & { action: string })[] };
  };
  return spec.steps.filter(({ action }) => action === 'fetch:template');
}
