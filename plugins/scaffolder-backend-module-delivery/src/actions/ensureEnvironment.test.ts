import { Portal } from '../__testUtils__/makePortal';
import type { FakeRepository } from '../__testUtils__/FakeRepository';

let portal: Portal;
let repo: FakeRepository;
beforeEach(async () => {
  portal = await new Portal().start();
  repo = portal.github.repository('shop');
});
afterEach(() => portal.stop());

const CLEO = { type: 'User' as const, id: 503 };
const PAT = { type: 'User' as const, id: 504 };
const NAMED = { protected_branches: false, custom_branch_policies: true };

const ensure = (changes = {}, start = {}) =>
  portal.run(
    'delivery:github:environment:ensure',
    {
      repoUrl: portal.repoUrl('shop'),
      repositoryId: repo.id,
      name: 'production',
      requireReviewers: true,
      reviewers: ['user:default/cleo'],
      variables: { AWS_REGION: 'eu-west-1', ECS_SERVICE: 'shop' },
      ...changes,
    },
    start,
  );

const production = () => repo.environments.get('production')!;
const names = () => production().branches.map(({ name }) => name);

describe('delivery:github:environment:ensure', () => {
  it('makes an environment with all of its protection', async () => {
    const { outputs, error } = await ensure({
      reviewers: ['user:default/cleo', 'group:default/platform'],
      waitMinutes: 5,
    });

    expect(error).toBeUndefined();
    expect(production()).toMatchObject({
      reviewers: [CLEO, { type: 'Team', id: 71 }],
      prevent_self_review: true,
      can_admins_bypass: false,
      wait_timer: 5,
      policy: NAMED,
      branches: [{ name: 'main', type: 'branch' }],
    });
    expect(Object.fromEntries(production().variables)).toEqual({
      AWS_REGION: 'eu-west-1',
      ECS_SERVICE: 'shop',
    });
    expect(outputs).toEqual({
      environmentId: production().id,
      name: 'production',
      reviewers: [
        { type: 'User', login: 'cleo' },
        { type: 'Team', slug: 'acme/platform' },
      ],
      preventSelfReview: true,
      branches: ['main'],
      waitMinutes: 5,
      variablesWritten: ['AWS_REGION', 'ECS_SERVICE'],
      remarks: [],
    });
  });

  it('protects before it writes variables', async () => {
    await ensure();
    const writes = portal.github.writes();
    const lastProtection = writes.findLastIndex(
      write => !write.includes('/variables'),
    );
    const firstVariable = writes.findIndex(write =>
      write.includes('/variables'),
    );
    expect(writes[0]).toMatch(/^PUT .*\/environments\/production$/);
    expect(lastProtection).toBeLessThan(firstVariable);
  });

  it('changes nothing the second time', async () => {
    await ensure();
    const told = () =>
      JSON.stringify([production(), ...production().variables]);
    const before = told();
    const { outputs } = await ensure();

    expect(told()).toBe(before);
    expect(outputs.variablesWritten).toEqual([]);
  });

  it('weakens nothing that is there, and keeps its reviewers', async () => {
    repo.environment('production', {
      reviewers: [PAT],
      prevent_self_review: true,
      can_admins_bypass: false,
      wait_timer: 30,
      policy: NAMED,
      branches: [{ id: 1, name: 'release', type: 'branch' }],
      variables: new Map([['OTHER', 'stays']]),
    });
    const { outputs, error, log } = await ensure({
      preventSelfReview: false,
      adminsBypass: true,
      waitMinutes: 1,
    });

    expect(error).toBeUndefined();
    expect(production()).toMatchObject({
      reviewers: [PAT, CLEO],
      prevent_self_review: true,
      can_admins_bypass: false,
      wait_timer: 30,
    });
    expect(names()).toEqual(['release']);
    expect(production().variables.get('OTHER')).toBe('stays');
    expect(outputs.remarks).toEqual([
      'It keeps its own list of branches: release.',
      'Not in its list of branches: main.',
    ]);
    expect(log).toMatch(/keeps its own list/);
  });

  it('strengthens what is weaker', async () => {
    repo.environment('production', {
      reviewers: [PAT],
      prevent_self_review: false,
      can_admins_bypass: true,
      policy: null,
    });
    await ensure();

    expect(production()).toMatchObject({
      reviewers: [PAT, CLEO],
      prevent_self_review: true,
      can_admins_bypass: false,
      policy: NAMED,
    });
    expect(names()).toEqual(['main']);
  });

  it.each([
    ['all branches', null, []],
    [
      'protected branches',
      { protected_branches: true, custom_branch_policies: false },
      [],
    ],
    ['a pattern for everything', NAMED, ['*', '*/*']],
    ['a list that was not finished', NAMED, []],
    [
      'a list of old that comes back with the policy',
      null,
      ['old', 'feature/*'],
    ],
  ])('narrows %s', async (_what, policy, branches) => {
    repo.environment('production', {
      policy,
      branches: branches.map((name, at) => ({
        id: at + 1,
        name,
        type: 'branch',
      })),
    });
    expect((await ensure()).error).toBeUndefined();
    expect(names()).toEqual(['main']);
  });

  it('mends variables that are different', async () => {
    repo.environment('production', {
      variables: new Map([['AWS_REGION', 'us-east-1']]),
    });
    const { outputs } = await ensure();

    expect(outputs.variablesWritten).toEqual(['AWS_REGION', 'ECS_SERVICE']);
    expect(production().variables.get('AWS_REGION')).toBe('eu-west-1');
  });

  it('reads more variables than fit on a page', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 45 }, (_, at) => [`V_${at}`, String(at)]),
    );
    await ensure({ variables: many });
    expect((await ensure({ variables: many })).outputs).toMatchObject({
      variablesWritten: [],
    });
  });

  it('needs no reviewer where none is required', async () => {
    const { error } = await ensure({
      name: 'staging',
      requireReviewers: false,
      reviewers: [],
      branches: ['main', 'develop'],
    });
    const staging = repo.environments.get('staging')!;

    expect(error).toBeUndefined();
    expect(staging.reviewers).toEqual([]);
    expect(staging.branches.map(({ name }) => name)).toEqual([
      'main',
      'develop',
    ]);
  });

  it('only says what it would do in a dry run', async () => {
    const { outputs, log } = await ensure({}, { isDryRun: true });

    expect(portal.github.writes()).toEqual([]);
    expect(outputs).toMatchObject({
      name: 'production',
      reviewers: [{ type: 'User', login: 'cleo' }],
    });
    expect(log).toMatch(/Would set up the environment production/);
  });
});
