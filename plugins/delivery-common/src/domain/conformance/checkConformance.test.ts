import { CONFORMANCE_RULES, type ConformanceRuleId } from '../../contract';
import { checkConformance } from './checkConformance';
import type { ConformanceFacts } from './facts';
import { CALLED, changed, facts, PRODUCTION, SHA } from './testPipeline';

const answer = (given: ConformanceFacts, rule: ConformanceRuleId) => {
  const found = checkConformance(given).find(check => check.rule === rule);
  if (!found) throw new Error(`No answer for ${rule}`);
  return found;
};
const texts = (given: ConformanceFacts, rule: ConformanceRuleId) =>
  answer(given, rule).evidence.map(({ text }) => text);

describe('checkConformance', () => {
  it('passes a pipeline that holds every rule, and says what that rests on', () => {
    const checks = checkConformance(facts());
    expect(checks.map(({ rule }) => rule)).toEqual([...CONFORMANCE_RULES]);
    for (const { rule, result, evidence, fix } of checks) {
      expect([rule, result, fix]).toEqual([rule, 'pass', undefined]);
      expect(evidence.length).toBeGreaterThan(0);
    }
  });

  const pipeline = (from: string, to: string) => changed(from, to);
  const deploy = (from: string, to: string) => changed(from, to, 'deploy');
  const production = (over: Partial<typeof PRODUCTION>) =>
    facts({ environments: [{ ...PRODUCTION, ...over }] });

  it.each<[ConformanceRuleId, string, ConformanceFacts]>([
    [
      'oidc',
      'A key with a long life is used as aws-access-key-id.',
      pipeline(
        "role-to-assume: 'arn:aws:iam::1:role/x'",
        "aws-access-key-id: '${{ secrets.K }}'",
      ),
    ],
    [
      'oidc',
      'The job may not ask for a token (`id-token: write`).',
      pipeline(
        'contents: read, id-token: write }\n    steps',
        'contents: read }\n    steps',
      ),
    ],
    [
      'pinned_actions',
      'actions/checkout@v7 can be moved.',
      pipeline(`checkout@${SHA}`, 'checkout@v7'),
    ],
    [
      'pinned_actions',
      'acme/platform/.github/workflows/ecs-deploy.yml@main can be moved.',
      facts({
        ...changed(
          CALLED,
          'acme/platform/.github/workflows/ecs-deploy.yml@main',
        ),
      }),
    ],
    [
      'least_permissions',
      'The token may write everything.',
      pipeline('permissions: {}', 'permissions: write-all'),
    ],
    [
      'least_permissions',
      'It does not say what its token may do.',
      pipeline(
        'permissions: {}\njobs:\n  unit:\n    runs-on: ubuntu-24.04\n    permissions: { contents: read }',
        'jobs:\n  unit:\n    runs-on: ubuntu-24.04',
      ),
    ],
    [
      'least_permissions',
      'Pull requests run "unit" with contents: write.',
      pipeline(
        'permissions: { contents: read }',
        'permissions: { contents: write }',
      ),
    ],
    [
      'least_permissions',
      'All secrets are handed on.',
      pipeline(
        'with: { environment: production }',
        'secrets: inherit\n    with: { environment: production }',
      ),
    ],
    ['reviewers', 'production has no reviewer.', production({ reviewers: 0 })],
    [
      'reviewers',
      'production lets people approve their own runs.',
      production({ preventSelfReview: false }),
    ],
    [
      'reviewers',
      'production does not exist yet: the first run would make it, unprotected.',
      facts({ environments: [] }),
    ],
    [
      'branch_policy',
      'production takes deployments from any branch.',
      production({ branches: 'all' }),
    ],
    [
      'branch_policy',
      'production takes deployments from *.',
      production({ branches: ['main', '*'] }),
    ],
    [
      'admin_bypass',
      'production lets administrators go past its protection.',
      production({ adminsBypass: true }),
    ],
    [
      'build_once',
      'Names an image by a tag that moves, or starts what happens to be there.',
      pipeline('docker push "$REG/api:sha"', 'docker push "$REG/api:latest"'),
    ],
    [
      'scan_before_push',
      '"image" pushes an image that no scan can stop.',
      pipeline(", exit-code: '1'", ''),
    ],
    [
      'rollback',
      '"deploy-production / deploy" leaves what went wrong in production.',
      deploy('name: Roll back', 'name: Again'),
    ],
    [
      'environment_concurrency',
      '"deploy-production / deploy" is broken off by the next run, in the middle of a deployment.',
      deploy('cancel-in-progress: false', 'cancel-in-progress: true'),
    ],
    [
      'named_approver',
      '"deploy-production / deploy" does not ask who approved it.',
      deploy('/approvals', '/jobs'),
    ],
    [
      'template_version',
      'Made from node-ecs-service 1.0.0; 1.1.0 is out.',
      facts({ newest: { templates: { 'node-ecs-service': '1.1.0' } } }),
    ],
    [
      'template_version',
      'Calls v2.0.0 of acme/platform; v2.0.1 is out.',
      facts({
        newest: {
          workflows: { repository: 'acme/platform', version: 'v2.0.1' },
        },
      }),
    ],
  ])('%s fails: %s', (rule, text, given) => {
    const { result, fix } = answer(given, rule);
    expect([result, typeof fix]).toEqual(['fail', 'string']);
    expect(texts(given, rule)).toContain(text);
  });

  it('says where', () => {
    const [evidence] = answer(
      changed(`checkout@${SHA}`, 'checkout@v7'),
      'pinned_actions',
    ).evidence;
    expect(evidence).toMatchObject({
      ...{ path: '.github/workflows/pipeline.yml', line: 12 },
    });
  });

  it('sees an image that is made in two jobs', () => {
    const twice = changed(
      '  deploy-production:',
      `  again:
    if: github.event_name == 'push'
    permissions: { contents: read }
    runs-on: ubuntu-24.04
    steps:
      - uses: docker/build-push-action@${SHA}
        with: { push: true, file: Dockerfile }
  deploy-production:`,
    );
    expect(texts(twice, 'build_once')).toContain(
      '"again" makes an image that another job makes as well.',
    );
  });

  it('accuses a deployment that names no environment', () => {
    const bare = changed(
      "    environment: { name: '${{ inputs.environment }}' }\n",
      '',
      'deploy',
    );
    for (const rule of [
      'reviewers',
      'branch_policy',
      'admin_bypass',
    ] as const) {
      expect(texts(bare, rule)[0]).toMatch(/deploys without naming/);
    }
  });

  it('knows the keys of a session from keys with a long life', () => {
    const handed = changed(
      'docker push "$REG/api:sha"',
      'docker push "$REG/api:sha" && docker run --env AWS_ACCESS_KEY_ID "$T"',
    );
    expect(answer(handed, 'oidc').result).toBe('pass');
    const kept = changed(
      'docker push "$REG/api:sha"',
      'AWS_SECRET_ACCESS_KEY=$KEY docker push "$REG/api:sha"',
    );
    expect(texts(kept, 'oidc')).toEqual([
      'The script uses a key with a long life.',
    ]);
  });

  it('does not take whoever started the run for its approver', () => {
    const wrong = changed(
      'name: Roll back',
      'name: Roll back\n        env: { TEXT: "approver: ${{ github.actor }}" }',
      'deploy',
    );
    expect(texts(wrong, 'named_approver')).toEqual([
      'Calls whoever started the run its approver.',
    ]);
  });

  it('does not judge what it could not read', () => {
    const blind = facts({ called: { [CALLED]: null } });
    for (const rule of [
      'rollback',
      'named_approver',
      'environment_concurrency',
    ] as const) {
      expect(answer(blind, rule).result).toBe('unknown');
      expect(texts(blind, rule)).toContain(`${CALLED} could not be read.`);
    }
    expect(answer(facts({ environments: undefined }), 'reviewers').result).toBe(
      'unknown',
    );
  });

  it('never calls nothing a pass', () => {
    for (const { result } of checkConformance({ workflows: [], called: {} })) {
      expect(result).toBe('unknown');
    }
  });

  it.each([
    ['no YAML', '{{{'],
    ['a list', '- a\n- b'],
    ['a bomb', `a: &a [x,x]\n${'b: *a\n'.repeat(200)}`],
    ['nothing', ''],
    ['jobs that are no jobs', 'on: push\njobs: [1, 2]'],
    [
      'steps that are no steps',
      'on: push\njobs: { a: { steps: { uses: 1 } } }',
    ],
    ['itself', 'on: push\njobs: { a: { uses: ./.github/workflows/x.yml } }'],
  ])('bears %s', (_what, text) => {
    const checks = checkConformance({
      workflows: [{ path: '.github/workflows/x.yml', text }],
      called: {},
    });
    expect(checks).toHaveLength(CONFORMANCE_RULES.length);
    expect(checks.every(({ evidence }) => evidence.length > 0)).toBe(true);
    expect(
      checks.some(
        ({ rule, result }) => rule === 'rollback' && result === 'pass',
      ),
    ).toBe(false);
  });

  it('looks at the workflows of the service only', () => {
    const given = facts({
      ownWorkflows: ['pipeline.yml'],
      workflows: [
        ...facts().workflows,
        {
          path: '.github/workflows/other.yml',
          text: 'on: push\njobs: { a: { steps: [{ uses: x/y@v1 }] } }',
        },
      ],
    });
    expect(answer(given, 'pinned_actions').result).toBe('pass');
  });

  it('counts evidence beyond what a person reads', () => {
    const steps = Array.from({ length: 50 }, (_, i) => `{ uses: x/y${i}@v1 }`);
    const { evidence, more } = answer(
      facts({
        workflows: [
          {
            path: 'a.yml',
            text: `on: push\njobs: { a: { steps: [${steps}] } }`,
          },
        ],
      }),
      'pinned_actions',
    );
    expect([evidence.length, more]).toEqual([20, 30]);
  });
});
