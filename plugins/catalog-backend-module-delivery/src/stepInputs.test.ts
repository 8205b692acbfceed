import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { TEMPLATE_IDS } from './templateIds';

interface Template {
  spec: { steps: { id: string; input?: Record<string, unknown> }[] };
}

describe.each(TEMPLATE_IDS)('steps of %s', id => {
  const file = join(__dirname, '../templates', id, 'template.yaml');
  const { spec } = parse(readFileSync(file, 'utf8')) as Template;

  // The scaffolder compares inputs with and without secrets by their places: what comes behind a secret is hidden in every log and error.
  it.each(spec.steps.filter(({ input }) => input && 'token' in input))(
    '$id names the token last, so that its errors can be read',
    ({ input }) => {
      expect(Object.keys(input ?? {}).at(-1)).toBe('token');
    },
  );
});
