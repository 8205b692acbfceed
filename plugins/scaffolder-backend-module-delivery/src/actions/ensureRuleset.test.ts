import { Portal } from '../__testUtils__/makePortal';
import type {
  FakeRepository,
  FakeRuleset,
} from '../__testUtils__/FakeRepository';

let portal: Portal;
let repo: FakeRepository;
beforeEach(async () => {
  portal = await new Portal().start();
  repo = portal.github.repository('shop');
});
afterEach(() => portal.stop());

const ensure = (changes = {}, start = {}) =>
  portal.run(
    'delivery:github:ruleset:ensure',
    {
      repoUrl: portal.repoUrl('shop'),
      repositoryId: repo.id,
      requiredChecks: ['Gate'],
      ...changes,
    },
    start,
  );

const rule = (type: string) =>
  repo.rulesets[0].rules.find(one => one.type === type);

const OLD: FakeRuleset = {
  id: 5,
  name: 'delivery',
  target: 'branch',
  enforcement: 'disabled',
  bypass_actors: [{ actor_type: 'OrganizationAdmin' }],
  conditions: {
    ref_name: { include: ['refs/heads/release'], exclude: ['refs/heads/main'] },
  },
  rules: [
    { type: 'required_signatures' },
    {
      type: 'pull_request',
      parameters: {
        allowed_merge_methods: ['squash'],
        dismiss_stale_reviews_on_push: false,
        require_code_owner_review: true,
        require_last_push_approval: false,
        required_approving_review_count: 3,
        required_review_thread_resolution: true,
      },
    },
    {
      type: 'required_status_checks',
      parameters: {
        required_status_checks: [{ context: 'lint', integration_id: 7 }],
        strict_required_status_checks_policy: false,
      },
    },
  ],
};

describe('delivery:github:ruleset:ensure', () => {
  it('protects the default branch', async () => {
    const { outputs, error } = await ensure();

    expect(error).toBeUndefined();
    expect(repo.rulesets).toEqual([
      {
        id: outputs.rulesetId,
        name: 'delivery',
        target: 'branch',
        enforcement: 'active',
        bypass_actors: [],
        conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
        rules: [
          { type: 'deletion' },
          { type: 'non_fast_forward' },
          {
            type: 'pull_request',
            parameters: {
              required_approving_review_count: 1,
              dismiss_stale_reviews_on_push: true,
              require_last_push_approval: true,
              require_code_owner_review: false,
              required_review_thread_resolution: false,
            },
          },
          {
            type: 'required_status_checks',
            parameters: {
              strict_required_status_checks_policy: true,
              required_status_checks: [{ context: 'Gate' }],
            },
          },
        ],
      },
    ]);
  });

  it('changes nothing the second time', async () => {
    await ensure();
    const before = structuredClone(repo.rulesets);
    await ensure();
    expect(repo.rulesets).toEqual(before);
  });

  it('names another branch than the default one', async () => {
    await ensure({ branch: 'develop', linearHistory: true });
    expect(repo.rulesets[0].conditions.ref_name.include).toEqual([
      'refs/heads/develop',
    ]);
    expect(rule('required_linear_history')).toBeDefined();
  });

  it('strengthens a ruleset that is there, and weakens nothing of it', async () => {
    repo.rulesets.push(structuredClone(OLD));
    const { error } = await ensure();

    expect(error).toBeUndefined();
    expect(repo.rulesets).toHaveLength(1);
    expect(repo.rulesets[0]).toMatchObject({
      id: 5,
      enforcement: 'active',
      bypass_actors: [],
      conditions: {
        ref_name: {
          include: ['~DEFAULT_BRANCH', 'refs/heads/release'],
          exclude: [],
        },
      },
    });
    expect(rule('pull_request')?.parameters).toEqual({
      allowed_merge_methods: ['squash'],
      dismiss_stale_reviews_on_push: true,
      require_code_owner_review: true,
      require_last_push_approval: true,
      required_approving_review_count: 3,
      required_review_thread_resolution: true,
    });
    expect(rule('required_status_checks')?.parameters).toEqual({
      strict_required_status_checks_policy: true,
      required_status_checks: [
        { context: 'lint', integration_id: 7 },
        { context: 'Gate' },
      ],
    });
    expect(rule('required_signatures')).toBeDefined();
  });

  it('leaves other rulesets alone', async () => {
    repo.rulesets.push({ ...structuredClone(OLD), name: 'theirs' });
    await ensure();
    expect(repo.rulesets[0]).toEqual({ ...OLD, name: 'theirs' });
    expect(repo.rulesets).toHaveLength(2);
  });

  it('says so when nothing has to pass', async () => {
    const { log, error } = await ensure({ requiredChecks: [] });
    expect(error).toBeUndefined();
    expect(log).toMatch(/No check has to pass/);
    expect(rule('required_status_checks')).toBeUndefined();
  });

  it.each(['GET', 'POST'])(
    'says so when the plan has no rulesets (%s)',
    async method => {
      portal.github.faults = [
        {
          method,
          path: /rulesets/,
          status: 403,
          body: {
            message:
              'Upgrade to GitHub Pro or make this repository public to enable this feature.',
          },
        },
      ];
      expect((await ensure()).error?.message).toMatch(
        /main of acme\/shop is not protected: the organisation's plan has no rulesets/,
      );
    },
  );

  it('fails when it does not get back what it wrote', async () => {
    portal.github.after = ({ method }) => {
      if (method === 'POST') {
        repo.rulesets[0].rules = [{ type: 'deletion' }];
        repo.rulesets[0].bypass_actors = [{ actor_type: 'Team' }];
      }
    };
    const { error, outputs } = await ensure();

    expect(error?.message).toMatch(
      /not protected: somebody may bypass its rules; the rule non_fast_forward is missing; the rule pull_request is missing; it needs less than 1 approving reviews; the check “Gate” is not required/,
    );
    expect(outputs).toEqual({});
  });

  it('touches no repository that the person does not administer', async () => {
    repo.roles.set('dana', 'push');
    expect((await ensure()).error?.message).toMatch(/does not administer/);
    expect(portal.github.writes()).toEqual([]);
  });

  it('only says what it would do in a dry run', async () => {
    const { log } = await ensure({}, { isDryRun: true });
    expect(log).toMatch(/Would protect main of acme\/shop.*Gate/);
    expect(portal.github.asked).toEqual([]);
  });
});
