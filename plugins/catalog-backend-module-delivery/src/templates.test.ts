import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ACTIONS } from './__testUtils__/actionContracts';
import { readsOf, readTemplate } from './__testUtils__/readTemplate';
import { templatePath } from './TemplateProvider';
import { createsService, TEMPLATE_IDS } from './templateIds';

const SERVICES = TEMPLATE_IDS.filter(createsService);
const TOKEN = '${{ secrets.USER_OAUTH_TOKEN }}';

function stepsOf(id: (typeof TEMPLATE_IDS)[number]) {
  return readTemplate(id).spec.steps;
}

function stepOf(id: (typeof TEMPLATE_IDS)[number], name: string) {
  const found = stepsOf(id).find(step => step.id === name);
  if (!found) throw new Error(`${id} has no step ${name}`);
  return found;
}

describe('readsOf', () => {
  it('finds what an expression reads, however it is written', () => {
    expect(
      readsOf({
        a: '${{ steps.plan.output.team or steps.facts.output.slug }}',
        b: ["${{ steps['first-run'].output.runId }}"],
      }),
    ).toEqual([
      { step: 'plan', output: 'team' },
      { step: 'facts', output: 'slug' },
      { step: 'first-run', output: 'runId' },
    ]);
  });
});

describe.each(TEMPLATE_IDS)('template %s', id => {
  const { spec } = readTemplate(id);

  it('reads only what steps before give', () => {
    const given = new Map<string, readonly string[]>();
    for (const step of spec.steps) {
      for (const { step: from, output } of readsOf(step)) {
        expect(given.get(from) ?? []).toContain(output);
      }
      given.set(step.id, ACTIONS[step.action].outputs);
    }
    for (const { step: from, output } of readsOf(spec.output)) {
      expect(given.get(from) ?? []).toContain(output);
    }
    expect(JSON.stringify(spec)).not.toMatch(/steps\.[a-z]+-/);
  });

  it('gives actions what they take, and acts as the person', () => {
    for (const { action, input } of spec.steps) {
      const { inputs, asPerson } = ACTIONS[action];
      expect(inputs).toEqual(expect.arrayContaining(Object.keys(input)));
      expect(input.token).toBe(asPerson ? TOKEN : undefined);
    }
  });

  it('reads only parameters that the form asks for', () => {
    const asked = spec.parameters.flatMap(page => Object.keys(page.properties));
    const text = JSON.stringify([spec.steps, spec.output]);
    const read = [...text.matchAll(/parameters\.(\w+)/g)].map(
      match => match[1],
    );
    expect(asked).toEqual(expect.arrayContaining(read));
  });

  it('explains every field of the form', () => {
    const unexplained = spec.parameters.flatMap(page =>
      Object.entries(page.properties)
        // The picker has explanations of its own.
        .filter(([, field]) => field['ui:field'] !== 'RepoUrlPicker')
        .filter(([, field]) => !field.title || !field.description)
        .map(([name]) => name),
    );
    expect(unexplained).toEqual([]);
  });

  it('protects before it pushes, and pushes into an empty repository only', () => {
    const order = spec.steps.map(step => step.id);
    for (const before of ['repository', 'facts', 'environments', 'policy']) {
      expect(order.indexOf(before)).toBeGreaterThanOrEqual(0);
      expect(order.indexOf(before)).toBeLessThan(order.indexOf('push'));
    }
    expect(order.indexOf('ruleset')).toBeGreaterThan(order.indexOf('push'));
    for (const name of ['fetch', 'push']) {
      expect(stepOf(id, name).if).toBe('${{ steps.facts.output.empty }}');
    }
    expect(stepOf(id, 'push').input).toMatchObject({
      defaultBranch: 'main',
      protectDefaultBranch: false,
    });
    expect(stepOf(id, 'ruleset').input).toMatchObject({
      requiredChecks: ['Gate'],
    });
  });
});

describe.each(SERVICES)('service template %s', id => {
  it('goes the way that is agreed', () => {
    expect(stepsOf(id).map(step => step.id)).toEqual([
      'plan',
      'repository',
      'facts',
      'workflows',
      'onboarding',
      'onboarded',
      'environments',
      'policy',
      'fetch',
      'push',
      'ruleset',
      'catalog',
      'first-run',
      'verify',
    ]);
  });

  it('names itself everywhere by its own id', () => {
    expect(stepOf(id, 'plan').input.template).toBe(id);
    expect(stepOf(id, 'onboarding').input.workflowInputs).toMatchObject({
      kind: id,
    });
    expect(stepOf(id, 'fetch').input.values).toMatchObject({
      template: { id },
    });
  });

  it('tells the onboarding everything, as text', () => {
    const inputs = stepOf(id, 'onboarding').input.workflowInputs;
    expect(Object.keys(inputs as object)).toEqual([
      'service',
      'kind',
      'entity',
      'repository',
      'repository-id',
      'owner-id',
      'subject',
      'environments',
      'workflows-repository',
      'workflows-sha',
    ]);
    expect(inputs).toMatchObject({
      'repository-id': '${{ steps.facts.output.repositoryId | string }}',
      'owner-id': '${{ steps.facts.output.ownerId | string }}',
    });
  });

  it('gives the skeleton what all skeletons get', () => {
    expect(Object.keys(stepOf(id, 'fetch').input.values as object)).toEqual(
      expect.arrayContaining([
        'name',
        'description',
        'owner',
        'system',
        'repository',
        'workflows',
        'registry',
        'environments',
        'environmentSet',
        'images',
        'template',
      ]),
    );
  });

  it('asks GitHub for the right to write workflows', () => {
    const [field] = readTemplate(id).spec.parameters.flatMap(page =>
      page.properties.repoUrl ? [page.properties.repoUrl] : [],
    );
    expect(field['ui:options']).toMatchObject({
      requestUserCredentials: {
        secretsKey: 'USER_OAUTH_TOKEN',
        additionalScopes: { github: ['workflow'] },
      },
    });
  });

  it('looks for the first run of a workflow that it brings', () => {
    const { workflow } = stepOf(id, 'first-run').input;
    const folder = join(
      dirname(templatePath(id)),
      'skeleton/.github/workflows',
    );
    const found = [`${workflow}`, `${workflow}.njk`].some(name =>
      existsSync(join(folder, name)),
    );
    expect(found).toBe(true);
  });
});

describe('skeletons', () => {
  it.each(TEMPLATE_IDS)('of %s survive packing', id => {
    // npm leaves these names out of every package; with .njk behind them they stay.
    const lost = readdirSync(join(dirname(templatePath(id)), 'skeleton'), {
      recursive: true,
      encoding: 'utf8',
    }).filter(name => /(^|\/)\.(gitignore|npmignore|npmrc)$/.test(name));
    expect(lost).toEqual([]);
  });
});
