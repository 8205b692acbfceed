import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  checkConformance,
  templateOf,
  type CheckedRule,
  type ConformanceFacts,
} from 'backstage-plugin-delivery-common/domain';
import { describeRendered } from './__testUtils__/rendered';
import { renderTemplate } from './__testUtils__/renderTemplate';
import {
  sampleValues,
  WORKFLOWS_REPOSITORY,
} from './__testUtils__/sampleValues';
import { SERVICE_TEMPLATES } from './__testUtils__/templates';
import { readWorkflows } from './__testUtils__/workflows';

jest.setTimeout(60_000);

const LEGACY = resolve(
  __dirname,
  '../../../../packages/sandbox/src/world/files/acme/legacy-billing',
);

/** Settings as the scaffolder's actions leave them. */
const PROTECTED = ['production', 'infra-production'].map(name => ({
  ...{ name, reviewers: 1, preventSelfReview: true },
  ...{ adminsBypass: false, branches: ['main'] },
}));

const NEWEST = {
  templates: Object.fromEntries(SERVICE_TEMPLATES.map(id => [id, '1.0.0'])),
  workflows: { repository: WORKFLOWS_REPOSITORY, version: 'v2.0.0' },
};

const filesOf = (folder: string) =>
  readWorkflows(folder).map(({ path, text }) => ({ path, text }));

/** What stands behind `uses:` of platform-workflows, as it was rendered. */
function calledOf(
  workflows: readonly { text: string }[],
  platform: readonly { path: string; text: string }[],
): Record<string, string | null> {
  const wanted = new RegExp(
    `uses:\\s*(${WORKFLOWS_REPOSITORY}/(\\.github/workflows/[\\w.-]+)@\\S+)`,
    'g',
  );
  return Object.fromEntries(
    workflows.flatMap(({ text }) =>
      [...text.matchAll(wanted)].map(([, uses, path]) => [
        uses,
        platform.find(file => file.path === path)?.text ?? null,
      ]),
    ),
  );
}

function factsOf(
  folder: string,
  platform: readonly { path: string; text: string }[],
): ConformanceFacts {
  const workflows = filesOf(folder);
  return {
    workflows,
    called: calledOf(workflows, platform),
    template: templateOf(
      readFileSync(join(folder, 'catalog-info.yaml'), 'utf8'),
    ),
    newest: NEWEST,
  };
}

/** What does not pass, with what it says. */
const open = (checks: readonly CheckedRule[]) =>
  checks.filter(({ result }) => result !== 'pass');

describe('conformance', () => {
  let platform: { path: string; text: string }[];

  beforeAll(async () => {
    const folder = await renderTemplate(
      'platform-workflows',
      sampleValues('platform-workflows'),
    );
    platform = filesOf(folder);
    rmSync(folder, { recursive: true, force: true });
  });

  describeRendered('of', (repository, id) => {
    if (id === 'platform-workflows') {
      it('pins what it calls and gives each job only what it needs', () => {
        const checks = checkConformance(factsOf(repository(), platform));
        const asked = ['pinned_actions', 'least_permissions'];
        expect(open(checks.filter(({ rule }) => asked.includes(rule)))).toEqual(
          [],
        );
      });
      return;
    }

    it('holds every rule, with nothing that cannot be told', () => {
      const facts = factsOf(repository(), platform);
      expect(Object.keys(facts.called).length).toBeGreaterThan(0);
      expect(
        open(checkConformance({ ...facts, environments: PROTECTED })),
      ).toEqual([]);
    });

    it('fails as soon as production is open', () => {
      const facts = factsOf(repository(), platform);
      const bare = PROTECTED.map(environment => ({
        ...environment,
        ...{ reviewers: 0, adminsBypass: true, branches: 'all' as const },
      }));
      expect(
        open(checkConformance({ ...facts, environments: bare })).map(
          ({ rule, result }) => `${rule} ${result}`,
        ),
      ).toEqual(['reviewers fail', 'branch_policy fail', 'admin_bypass fail']);
    });

    it('fails once the platform has newer workflows', () => {
      const facts = factsOf(repository(), platform);
      const workflows = { ...NEWEST.workflows, version: 'v2.1.0' };
      expect(
        open(
          checkConformance({
            ...{ ...facts, environments: PROTECTED },
            newest: { ...NEWEST, workflows },
          }),
        ).map(({ rule, result }) => `${rule} ${result}`),
      ).toEqual(['template_version fail']);
    });
  });

  it('finds every defect of a pipeline from before the platform', () => {
    const checks = checkConformance({
      ...factsOf(LEGACY, platform),
      environments: [],
    });
    expect(checks.map(({ rule, result }) => `${rule} ${result}`)).toEqual(
      checks.map(({ rule }) =>
        rule === 'template_version' ? `${rule} unknown` : `${rule} fail`,
      ),
    );
    for (const { rule, evidence, fix } of checks) {
      if (rule === 'template_version') continue;
      expect(fix).toMatch(/\w+.*\.$/);
      expect(evidence.length).toBeGreaterThan(0);
      for (const { path, line, text } of evidence) {
        expect([rule, path]).toEqual([rule, '.github/workflows/deploy.yml']);
        expect(line).toBeGreaterThan(0);
        expect(text).toMatch(/\.$/);
      }
    }
  });
});
