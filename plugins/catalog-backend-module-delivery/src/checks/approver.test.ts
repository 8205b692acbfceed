import { describeSteps } from './__testUtils__/platform';
import { runStep } from './__testUtils__/runStep';
import { scriptOf, workflowOf } from './__testUtils__/workflows';

const DANA = 11;
const RAVI = 12;
const CLEO = 13;

interface Given {
  environment?: string;
  /** Who began each attempt. */
  attempts?: { actor?: number; trigger?: number }[];
  approvals?: unknown;
  actor?: string;
}

const user = (login: string, id: number, type = 'User') => ({
  login,
  id,
  type,
});
const approval = (
  who: ReturnType<typeof user>,
  over: { state?: string; comment?: string; environment?: string } = {},
) => ({
  state: over.state ?? 'approved',
  comment: over.comment ?? '',
  environments: [{ id: 1, name: over.environment ?? 'production' }],
  user: who,
});
const portal = (attempt: number) =>
  `fine — user:default/cleo via portal, attempt ${attempt}, ref 0d1e2f, audit abc`;

describeSteps('the approver', repository => {
  const theScript = () =>
    scriptOf(workflowOf(repository(), 'ecs-deploy.yml'), 'deploy', 'approver');

  function run(given: Given) {
    const attempts = given.attempts ?? [{}];
    const path = 'api repos/acme/shipping/actions/runs/77';
    return runStep(theScript(), {
      env: {
        ENVIRONMENT: given.environment ?? 'production',
        ACTOR_ID: given.actor ?? String(DANA),
        GH_TOKEN: 'x',
        GITHUB_REPOSITORY: 'acme/shipping',
        GITHUB_RUN_ID: '77',
        GITHUB_RUN_ATTEMPT: String(attempts.length),
      },
      fakes: {
        gh: {
          [`${path}/approvals`]:
            typeof given.approvals === 'string'
              ? given.approvals
              : JSON.stringify(given.approvals ?? []),
          ...Object.fromEntries(
            attempts.map(({ actor = DANA, trigger = DANA }, index) => [
              `${path}/attempts/${index + 1}`,
              JSON.stringify({
                actor: { id: actor },
                triggering_actor: { id: trigger },
              }),
            ]),
          ),
        },
      },
    });
  }

  it.each<[string, Given, string]>([
    ['one other person', { approvals: [approval(user('cleo', CLEO))] }, 'cleo'],
    [
      'two other persons',
      {
        approvals: [approval(user('ravi', RAVI)), approval(user('cleo', CLEO))],
      },
      'cleo,ravi',
    ],
    [
      'the same person twice',
      {
        approvals: [approval(user('cleo', CLEO)), approval(user('cleo', CLEO))],
      },
      'cleo',
    ],
    [
      'a person beside a bot',
      {
        approvals: [
          approval(user('app[bot]', 99, 'Bot')),
          approval(user('cleo', CLEO)),
        ],
      },
      'cleo',
    ],
    [
      'the second attempt with the portal’s reference for it',
      {
        attempts: [{}, {}],
        approvals: [approval(user('cleo', CLEO), { comment: portal(2) })],
      },
      'cleo',
    ],
    [
      'a login of an enterprise',
      { approvals: [approval(user('cleo_acme', CLEO))] },
      'cleo_acme',
    ],
    [
      'an environment whose name GitHub keeps in capitals',
      {
        approvals: [
          approval(user('cleo', CLEO), { environment: 'Production' }),
        ],
      },
      'cleo',
    ],
  ])('takes %s', (_name, given, login) => {
    const { code, log, outputs } = run(given);
    expect({ code, log }).toMatchObject({ code: 0 });
    expect(outputs).toEqual({ login });
  });

  it.each<[string, Given, RegExp]>([
    ['no approval', {}, /No approval of production by a person/],
    [
      'a bot',
      { approvals: [approval(user('app[bot]', 99, 'Bot'))] },
      /No approval of production by a person/,
    ],
    [
      'a rejection',
      { approvals: [approval(user('cleo', CLEO), { state: 'rejected' })] },
      /No approval of production/,
    ],
    [
      'an approval of another environment',
      { approvals: [approval(user('cleo', CLEO), { environment: 'staging' })] },
      /No approval of production/,
    ],
    [
      'who started the run',
      { approvals: [approval(user('dana', DANA))] },
      /approved by dana, who started/,
    ],
    [
      'two approvers of whom one started the run',
      {
        approvals: [approval(user('cleo', CLEO)), approval(user('dana', DANA))],
      },
      /approved by dana, who started/,
    ],
    [
      'who started it under another name',
      { approvals: [approval(user('dana-new', DANA))] },
      /approved by dana-new, who started/,
    ],
    [
      'who triggered only an earlier attempt',
      {
        attempts: [{ trigger: CLEO }, { trigger: RAVI }],
        approvals: [approval(user('cleo', CLEO), { comment: portal(2) })],
      },
      /approved by cleo, who started an attempt/,
    ],
    [
      'who triggered this attempt and approved the one before',
      {
        attempts: [{}, { trigger: CLEO }],
        approvals: [
          approval(user('cleo', CLEO)),
          approval(user('ravi', RAVI), { comment: portal(2) }),
        ],
      },
      /approved by cleo, who started an attempt/,
    ],
    [
      'on a second attempt what was approved on the first',
      { attempts: [{}, {}], approvals: [approval(user('cleo', CLEO))] },
      /No approval of production for attempt 2 carries the portal's reference/,
    ],
    [
      'on a second attempt the reference for the first',
      {
        attempts: [{}, {}],
        approvals: [approval(user('cleo', CLEO), { comment: portal(1) })],
      },
      /for attempt 2/,
    ],
    [
      'on a second attempt the reference for a twenty-second',
      {
        attempts: [{}, {}],
        approvals: [approval(user('cleo', CLEO), { comment: portal(22) })],
      },
      /for attempt 2/,
    ],
    [
      'a name with odd characters',
      { approvals: [approval(user('cleo\nlogin=ravi', CLEO))] },
      /not one that GitHub gives to people/,
    ],
    [
      'an answer that is not a list',
      { approvals: '{"message":"Not Found"}' },
      /cannot be read/,
    ],
    [
      'an attempt of nobody',
      {
        attempts: [{ trigger: Number.NaN }],
        approvals: [approval(user('cleo', CLEO))],
      },
      /every attempt/,
    ],
    [
      'a run of nobody',
      { actor: '', approvals: [approval(user('cleo', CLEO))] },
      /does not tell who started this run/,
    ],
    [
      'an approval of nobody',
      { approvals: [{ ...approval(user('cleo', CLEO)), user: null }] },
      /No approval of production|cannot be read/,
    ],
    [
      'an environment that only looks like an exempt one',
      { environment: 'staging2' },
      /No approval of staging2/,
    ],
  ])('refuses %s', (_name, given, sentence) => {
    const { code, log, outputs } = run(given);
    expect(code).not.toBe(0);
    expect(log).toMatch(sentence);
    expect(outputs).toEqual({});
  });

  it.each(['dev', 'qa', 'staging', 'test'])(
    'asks nobody for %s',
    environment => {
      const { code, calls, outputs } = run({ environment });
      expect(code).toBe(0);
      expect(outputs).toEqual({ login: '' });
      expect(calls).toEqual([]);
    },
  );

  it('refuses when GitHub does not answer', () => {
    const { code, log } = runStep(theScript(), {
      env: {
        ENVIRONMENT: 'production',
        ACTOR_ID: String(DANA),
        GITHUB_REPOSITORY: 'acme/shipping',
        GITHUB_RUN_ID: '77',
        GITHUB_RUN_ATTEMPT: '1',
      },
      fakes: { gh: { api: { fails: 'gh: Service Unavailable (HTTP 503)' } } },
    });
    expect(code).not.toBe(0);
    expect(log).toContain('GitHub does not tell who started attempt 1');
  });

  it('is the same for a rollback', () => {
    const rollback = workflowOf(repository(), 'ecs-rollback.yml');
    expect(scriptOf(rollback, 'roll-back', 'approver')).toBe(theScript());
  });
});
