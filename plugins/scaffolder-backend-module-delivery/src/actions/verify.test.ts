import {
  createService,
  makePlatform,
  SHA,
  verifyService,
} from '../__testUtils__/createService';
import { Portal } from '../__testUtils__/makePortal';
import type { FakeRepository } from '../__testUtils__/FakeRepository';

let portal: Portal;
let repo: FakeRepository;
const ENVIRONMENTS = [
  {
    name: 'production',
    approval: true,
    branches: ['main'],
    variables: { AWS_REGION: 'eu-west-1' },
    cluster: 'more than is needed',
  },
];

beforeEach(async () => {
  portal = await new Portal().start();
  makePlatform(portal);
  await createService(portal);
  repo = portal.github.repositories.get('acme/shop')!;
});
afterEach(() => portal.stop());

interface Line {
  id: string;
  result: string;
  detail: string;
  fix?: string;
}

const verify = async (changes = {}) => {
  const done = await verifyService(portal, {
    environments: ENVIRONMENTS,
    firstRunId: repo.runs[0].id,
    ...changes,
  });
  const items = done.outputs.items as Line[];
  return { ...done, line: (id: string) => items.find(one => one.id === id) };
};

describe('delivery:verify', () => {
  it('lists what it found of a service that was made as planned', async () => {
    portal.time = 0;
    const { outputs, error, log } = await verify();

    expect(error).toBeUndefined();
    expect(outputs.ok).toBe(true);
    expect(
      (outputs.items as Line[]).map(({ id, result }) => `${id} ${result}`),
    ).toEqual([
      'repository pass',
      'policy pass',
      'oidc-subject pass',
      'ruleset pass',
      'environment:production:reviewers pass',
      'environment:production:self-review pass',
      'environment:production:branches pass',
      'environment:production:bypass pass',
      'environment:production:variables pass',
      'workflows pass',
      'onboarding pass',
      'entity unknown',
      'first-run pass',
    ]);
    expect(outputs.markdown).toMatch(
      /^- \*\*PASS\*\* Repository: acme\/shop, id \d+, private\n/,
    );
    expect(outputs.markdown).toMatch(
      /- \*\*UNKNOWN\*\* In the catalog: component:default\/shop is not there yet/,
    );
    expect(outputs.markdown).toMatch(
      /^- \*\*PASS\*\* Environment production: somebody has to approve: cleo$/m,
    );
    for (const { label } of outputs.items as { label: string }[]) {
      expect(label).toMatch(/^[A-Z]/);
    }
    expect(portal.time).toBe(30_000);
    expect(log).toContain(outputs.markdown);
  });

  it.each([
    [
      'production has no reviewer any more',
      () => {
        repo.environments.get('production')!.reviewers = [];
      },
      'environment:production:reviewers',
      /Environment production: somebody has to approve: there is no reviewer/,
    ],
    [
      'people approve their own',
      () => {
        repo.environments.get('production')!.prevent_self_review = false;
      },
      'environment:production:self-review',
      /people may approve what they started/,
    ],
    [
      'every branch may deploy',
      () => {
        repo.environments.get('production')!.policy = null;
      },
      'environment:production:branches',
      /every branch may deploy/,
    ],
    [
      'production is gone',
      () => {
        repo.environments.delete('production');
      },
      'environment:production:reviewers',
      /it does not exist/,
    ],
    [
      'the default branch has no rules',
      () => {
        repo.rulesets = [];
      },
      'ruleset',
      /main is not protected/,
    ],
    [
      'the rules are switched off',
      () => {
        repo.rulesets[0].enforcement = 'disabled';
      },
      'ruleset',
      /its rules are not enforced/,
    ],
    [
      'somebody may bypass the rules',
      () => {
        repo.rulesets[0].bypass_actors = [{}];
      },
      'ruleset',
      /somebody may bypass/,
    ],
  ])(
    'fails after it told the list: %s',
    async (_what, change, id, sentence) => {
      change();
      const { error, outputs, line } = await verify();

      expect(error?.message).toMatch(
        /acme\/shop is not protected as it must be/,
      );
      expect(error?.message).toMatch(sentence);
      expect(outputs.ok).toBe(false);
      expect(line(id)).toMatchObject({ result: 'fail' });
      expect(outputs.markdown).toMatch(/\*\*FAIL\*\*/);
    },
  );

  it('fails also when it cannot read what must be protected', async () => {
    portal.github.faults = [
      { method: 'GET', path: /environments\/production$/, status: 403 },
    ];
    const { error, line } = await verify();

    expect(error?.message).toMatch(/did not let you read the environment/);
    expect(line('environment:production:reviewers')?.result).toBe('unknown');
  });

  it.each([
    [
      'public',
      () => {
        repo.isPrivate = false;
      },
      'repository',
      'fail',
    ],
    [
      'a strong token',
      () => {
        repo.workflow.default_workflow_permissions = 'write';
      },
      'policy',
      'fail',
    ],
    [
      'actions that are not pinned',
      () => {
        repo.permissions.sha_pinning_required = false;
      },
      'policy',
      'fail',
    ],
    [
      'an older server',
      () => {
        delete repo.permissions.sha_pinning_required;
      },
      'policy',
      'unknown',
    ],
    [
      'a subject of its own',
      () => {
        repo.oidc = { use_default: false, include_claim_keys: ['actor'] };
      },
      'oidc-subject',
      'fail',
    ],
    [
      'a server that does not tell the subject',
      () => {
        repo.oidc = undefined;
      },
      'oidc-subject',
      'unknown',
    ],
    [
      'a bypass for administrators',
      () => {
        repo.environments.get('production')!.can_admins_bypass = true;
      },
      'environment:production:bypass',
      'fail',
    ],
    [
      'another variable',
      () => {
        repo.environments.get('production')!.variables.set('AWS_REGION', 'x');
      },
      'environment:production:variables',
      'fail',
    ],
  ])('tells of %s without failing', async (_what, change, id, result) => {
    change();
    const { error, line, outputs } = await verify();

    expect(error).toBeUndefined();
    expect(line(id)?.result).toBe(result);
    expect(outputs.ok).toBe(result !== 'fail');
  });

  it.each([
    [{ firstRunId: undefined }, 'first-run', 'unknown'],
    [{ firstRunId: 4711 }, 'first-run', 'unknown'],
    [{ onboardingRunId: undefined }, 'onboarding', 'unknown'],
    [
      { workflows: { repository: 'acme/platform-workflows', sha: 'main' } },
      'workflows',
      'fail',
    ],
    [
      {
        workflows: {
          repository: 'acme/platform-workflows',
          sha: 'a'.repeat(40),
        },
      },
      'workflows',
      'fail',
    ],
    [{ workflows: { repository: 'acme/gone', sha: SHA } }, 'workflows', 'fail'],
  ])('knows of %j', async (changes, id, result) => {
    expect((await verify(changes)).line(id)?.result).toBe(result);
  });

  it('tells of an onboarding that failed', async () => {
    const platform = portal.github.repositories.get('acme/platform-workflows')!;
    platform.runs[0].conclusion = 'failure';
    expect((await verify()).line('onboarding')).toMatchObject({
      result: 'fail',
      detail: expect.stringMatching(/is failure$/),
    });
  });

  it('shows nothing of vendors as markup', async () => {
    const { outputs } = await verify({
      entityRef: 'component:default/x',
      environments: [
        { name: 'production', approval: true },
        { name: '[click](http://evil)\n- **PASS**' },
      ],
    });
    expect(outputs.markdown).toContain('\\[click\\](http://evil) - \\*\\*PASS');
    expect(outputs.markdown).not.toMatch(/^- \*\*PASS\*\*$/m);
  });

  it('tells nothing of a task that was cancelled meanwhile', async () => {
    const cancelled = new AbortController();
    portal.onSleep = () => cancelled.abort();
    const { error, outputs } = await verifyService(
      portal,
      {},
      { signal: cancelled.signal },
    );
    expect(error?.name).toBe('AbortError');
    expect(outputs).toEqual({});
  });

  it('reads another repository for nobody', async () => {
    const { error, outputs } = await verifyService(portal, {
      repositoryId: 12,
    });
    expect(error?.message).toMatch(/another repository/);
    expect(outputs).toEqual({});
  });
});
