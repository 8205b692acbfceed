import { rmSync } from 'node:fs';
import { renderTemplate } from './renderTemplate';
import { sampleValues, type SampleOptions } from './sampleValues';
import { hasWorkflows, TEMPLATES, type TemplateId } from './templates';

interface Variant {
  readonly title: string;
  readonly id: TemplateId;
  readonly options: SampleOptions;
}

/** Templates that are there, with the choices that change what they render. */
export const VARIANTS: readonly Variant[] = TEMPLATES.filter(
  hasWorkflows,
).flatMap(id => [
  { title: id, id, options: {} },
  ...(id === 'node-ecs-service'
    ? [{ title: `${id} as a monorepo`, id, options: { monorepo: true } }]
    : []),
]);

for (const id of TEMPLATES.filter(item => !hasWorkflows(item))) {
  process.stderr.write(`Skipped: ${id} has no workflows yet.\n`);
}

/** `describe` for each variant; the callback gets a function that names its rendered folder, once tests run. */
export function describeRendered(
  title: string,
  body: (repository: () => string, id: TemplateId) => void,
): void {
  describe.each(VARIANTS)(`${title} $title`, ({ id, options }) => {
    let folder = '';
    beforeAll(async () => {
      folder = await renderTemplate(id, sampleValues(id, options));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    body(() => folder, id);
  });
}
