import { parse } from 'yaml';
import { z } from 'zod';
import { Portal } from '../__testUtils__/makePortal';
import { planInput, PRODUCTION } from '../__testUtils__/planInput';

const portal = new Portal();
beforeAll(() => portal.start());
afterAll(() => portal.stop());

interface Step {
  action: string;
  input: Record<string, unknown>;
}

const IDS = [
  'delivery:plan',
  'delivery:github:repo-facts',
  'delivery:github:environment:ensure',
  'delivery:github:actions-policy',
  'delivery:github:ruleset:ensure',
  'delivery:github:run:wait',
  'delivery:verify',
];

function inputSchema(id: string) {
  const { schema } = portal.actions().find(one => one.id === id)!;
  return z.fromJSONSchema(schema!.input as never);
}

const isFine = (id: string, input: unknown) =>
  inputSchema(id).safeParse(input).success;

describe('The actions', () => {
  it('are those of the templates, may run dry and tell their outputs', () => {
    const actions = portal.actions();
    expect(actions.map(({ id }) => id)).toEqual(IDS);
    for (const { supportsDryRun, schema, description } of actions) {
      expect(supportsDryRun).toBe(true);
      expect(description).toBeTruthy();
      expect(schema?.output).toMatchObject({ type: 'object' });
    }
  });

  it.each(IDS)('%s has examples that its schema takes', id => {
    const { examples = [] } = portal.actions().find(one => one.id === id)!;
    expect(examples.length).toBeGreaterThan(0);
    for (const { example } of examples) {
      const { steps } = parse(example) as { steps: Step[] };
      for (const { action, input } of steps) {
        expect(action).toBe(id);
        expect(inputSchema(id).parse(input)).toEqual(input);
        expect(isFine(id, { ...input, mistyped: true })).toBe(false);
        expect(isFine(id, { ...input, repoUrl: undefined })).toBe(false);
      }
    }
  });

  it('take what the configuration leaves out or has more', () => {
    const input = planInput('github.com?owner=acme&repo=shop');
    expect(isFine('delivery:plan', input)).toBe(true);
    expect(
      isFine('delivery:plan', {
        ...input,
        signingKey: null,
        slackChannel: '',
        environments: [{ ...PRODUCTION, tier: null, stacks: ['a'] }],
      }),
    ).toBe(true);
    expect(isFine('delivery:plan', { ...input, environments: 'all' })).toBe(
      false,
    );
  });
});
