import { Portal } from '../__testUtils__/makePortal';
import type { FakeRepository } from '../__testUtils__/FakeRepository';

let portal: Portal;
let repo: FakeRepository;
beforeEach(async () => {
  portal = await new Portal().start();
  repo = portal.github.repository('shop');
});
afterEach(() => portal.stop());

const ensure = (changes = {}) =>
  portal.run('delivery:github:environment:ensure', {
    repoUrl: portal.repoUrl('shop'),
    repositoryId: repo.id,
    name: 'production',
    requireReviewers: true,
    reviewers: ['user:default/cleo'],
    variables: { AWS_REGION: 'eu-west-1' },
    ...changes,
  });

/** The sentence, and that nothing was written. */
async function untouched(changes = {}): Promise<string> {
  const { error, outputs } = await ensure(changes);
  expect(portal.github.writes()).toEqual([]);
  expect(outputs).toEqual({});
  return error?.message ?? 'not refused';
}

describe('delivery:github:environment:ensure refuses, before anything is written,', () => {
  it.each([
    [[], /it needs an approval, and there is no reviewer/],
    [['user:default/aude'], /has no GitHub login/],
    [['user:default/cleo', 'user:default/aude'], /has no GitHub login/],
    [['group:default/elsewhere'], /not in the organisation acme/],
    [['user:default/dana'], /nobody but you \(“dana”\) could approve/],
  ])('the reviewers %j', async (reviewers, sentence) => {
    expect(await untouched({ reviewers })).toMatch(sentence);
  });

  it('more than six reviewers together with those that are there', async () => {
    repo.environment('production', {
      reviewers: [1, 2, 3, 4, 5, 6].map(id => ({ type: 'User', id })),
    });
    expect(await untouched()).toMatch(/7 reviewers .* 6 at most: use a team/);
  });

  it('another repository than the recorded one', async () => {
    expect(await untouched({ repositoryId: 1 })).toMatch(
      /another repository than the one this task began with/,
    );
  });

  it("somebody else's repository", async () => {
    repo.roles = new Map([
      ['ravi', 'admin'],
      ['dana', 'push'],
    ]);
    expect(await untouched()).toMatch(/“dana” does not administer acme\/shop/);
  });

  it('a repository that the person may not see', async () => {
    repo.roles = new Map();
    expect(await untouched()).toMatch(/no repository acme\/shop/);
  });

  it('an archived repository', async () => {
    repo.archived = true;
    expect(await untouched()).toMatch(/is archived/);
  });

  it('names of variables that GitHub does not take', async () => {
    expect(await untouched({ variables: { 'a-b': 'x' } })).toMatch(/a-b/);
    expect(await untouched({ variables: { GITHUB_X: 'x' } })).toMatch(/GITH/);
  });
});

describe('delivery:github:environment:ensure fails when', () => {
  it('the plan refuses reviewers', async () => {
    portal.github.reviewers = 'refused';
    const { error } = await ensure();

    expect(error?.message).toMatch(
      /production of acme\/shop is not protected: .*plan .*GitHub Enterprise/,
    );
    expect(repo.environments.size).toBe(0);
  });

  it('the plan takes reviewers and gives none back', async () => {
    portal.github.reviewers = 'ignored';
    const { error, outputs } = await ensure();

    expect(error?.message).toMatch(/is not protected: GitHub gave no required/);
    expect(outputs).toEqual({});
    expect(repo.environments.get('production')?.variables.size).toBe(0);
  });

  it('somebody takes a reviewer away meanwhile', async () => {
    portal.github.after = ({ method }) => {
      const made = repo.environments.get('production');
      if (method === 'POST' && made) {
        made.reviewers = [{ type: 'User', id: 504 }];
      }
    };
    expect((await ensure()).error?.message).toMatch(
      /not protected: cleo is no reviewer/,
    );
  });

  it('the rules do not hold', async () => {
    portal.github.after = ({ method }) => {
      const made = repo.environments.get('production');
      if (method === 'POST' && made) {
        made.prevent_self_review = false;
        made.can_admins_bypass = true;
        made.policy = null;
      }
    };
    expect((await ensure()).error?.message).toMatch(
      /may approve what they started themselves; every branch may deploy to it; administrators may bypass/,
    );
  });

  it.each([
    [401, 'Bad credentials', /does not accept your sign-in any more/],
    [
      403,
      'Resource not accessible by integration',
      /did not let you set up the environment production of acme\/shop.*“Resource not accessible by integration”.*permissions “Administration” and “Environments”/,
    ],
    [404, 'Not Found', /it is not there, or your account may not see it/],
    [422, 'Reviewer has no access', /refused to set up.*“Reviewer has no/],
    [502, 'Bad gateway', /did not answer .*HTTP 502.*it goes on where/],
    [403, 'You have exceeded a secondary rate limit', /takes no more calls/],
  ])('GitHub answers %i %s', async (status, message, sentence) => {
    portal.github.faults = [
      { method: 'PUT', path: /environments/, status, body: { message } },
    ];
    expect((await ensure()).error?.message).toMatch(sentence);
    expect(
      portal.github.writes().filter(write => write.startsWith('PUT')),
    ).toHaveLength(1);
  });

  it('GitHub stops in the middle; a second run repairs', async () => {
    portal.github.faults = [
      { method: 'POST', path: /deployment-branch-policies/, status: 500 },
    ];
    expect((await ensure()).error?.message).toMatch(/goes on where this one/);
    // Nothing gets in: no branch may deploy yet.
    expect(repo.environments.get('production')).toMatchObject({
      reviewers: [{ type: 'User', id: 503 }],
      policy: { custom_branch_policies: true },
      branches: [],
    });

    expect((await ensure()).error).toBeUndefined();
    expect(repo.environments.get('production')).toMatchObject({
      branches: [{ name: 'main' }],
      variables: new Map([['AWS_REGION', 'eu-west-1']]),
    });
  });

  it('GitHub says something ugly: it is cut, plain and without the token', async () => {
    portal.github.faults = [
      {
        method: 'PUT',
        path: /environments/,
        status: 422,
        body: {
          message: `<b>no</b>\u001b[31m ghu_dana\n${'x'.repeat(900)}`,
          errors: [{ message: 'second' }],
        },
      },
    ];
    const { error, log } = await ensure();
    const said = /“(.*)”/.exec(error!.message)![1];

    expect(said).toMatch(/^no \*\*\* x+…$/);
    expect(said.length).toBeLessThanOrEqual(200);
    expect(error!.stack + log).not.toMatch(/ghu_dana/);
  });
});
