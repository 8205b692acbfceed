import { TestDatabases } from '@backstage/backend-test-utils';
import type {
  DeploymentFact,
  Fact,
  PushFact,
} from 'backstage-plugin-delivery-common';
import { toState } from 'backstage-plugin-delivery-common/domain';
import { DatabaseDeliveryStore } from '../DatabaseDeliveryStore';
import {
  binding,
  hint,
  jobFact,
  NOON,
  read,
  REPO,
  repositoryFact,
  runFact,
} from '../DatabaseDeliveryStore/testFacts';
import type { EnvironmentStore } from '../EnvironmentStore';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});
const API = 'component:default/api';
const CHECKS = {
  pipelineKey: `${REPO}/8`,
  pipelinePath: '.github/workflows/checks.yml',
};
const sha = (n: number) => String(n).padStart(40, '0');

function deployment(n: number, more: Partial<DeploymentFact> = {}): Fact {
  return {
    kind: 'deployment',
    deploymentKey: `github_com.5${n}`,
    repoKey: REPO,
    sha: 'a'.repeat(40),
    ref: 'main',
    environment: 'Production',
    creator: 'dana',
    createdAt: NOON + n,
    ...more,
  };
}

function status(n: number, of: number, state: string, url?: string): Fact {
  return {
    kind: 'deploymentStatus',
    statusKey: `github_com.9${n}`,
    deploymentKey: `github_com.5${of}`,
    repoKey: REPO,
    ...{ state, url, createdAt: NOON + n },
  };
}

describe.each(databases.eachSupportedId())('Facts of pipelines on %s', id => {
  let deliveries: DatabaseDeliveryStore;
  let store: EnvironmentStore;

  beforeEach(async () => {
    deliveries = await DatabaseDeliveryStore.create({
      database: await databases.init(id),
    });
    store = deliveries.environments;
    await deliveries.replaceBindings([binding('api')], true);
    await deliveries.apply([hint(repositoryFact())]);
  });
  const keys = async (entityRef: string, match = ['*']) =>
    (await store.pipelineDeployments(entityRef, match, 10)).map(
      one => one.deploymentKey,
    );

  it('tells a deployment with its statuses, its run and the jobs that made it', async () => {
    const done = toState('completed', 'success');
    const job = 'https://github.com/Acme/Vaultex/actions/runs/1/job';
    await deliveries.apply([
      hint(runFact(1, 'completed', 'success', { attempt: 2 })),
      hint(
        jobFact(10, 1, 'completed', 'success', {
          ...{ name: 'deploy', environment: 'production', attempt: 2 },
          steps: [
            { number: 1, name: 'Check out', state: done },
            { number: 2, name: 'Roll-back the service', state: done },
          ],
        }),
      ),
      // Only the vendor's API told of this one.
      read(jobFact(11, 1, 'completed', 'failure', { name: 'before' })),
      hint(jobFact(12, 1, 'completed', 'success', { environment: 'qa' })),
      hint(jobFact(13, 1, 'completed', 'success', { name: 'unit' })),
      hint(deployment(1, { runKey: 'github_com.1' })),
      hint(status(2, 1, 'success', `${job}/10`)),
      hint(status(1, 1, 'in_progress', `${job}/11`)),
      // A link to a job that says itself that it is of another environment.
      hint(status(3, 1, 'vaporised', `${job}/12`)),
    ]);
    await store.saveApprovals('github_com.1', 2, [
      { environments: ['PRODUCTION', 'qa'], state: 'approved', user: 'ravi' },
      { environments: ['production'], state: 'approved', user: 'ravi' },
      { environments: ['production'], state: 'rejected', user: 'mei' },
      { environments: ['qa'], state: 'approved', user: 'lena' },
    ]);
    const [found, ...others] = await store.pipelineDeployments(
      API,
      ['prod*'],
      10,
    );
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      deploymentKey: 'github_com.51',
      ...{ sha: 'a'.repeat(40), ref: 'main', creator: 'dana' },
      createdAt: NOON + 1,
      statuses: [
        { state: 'in_progress', createdAt: NOON + 1 },
        { state: 'success', url: `${job}/10` },
        { state: 'vaporised' },
      ],
      run: {
        ...{ runKey: 'github_com.1', runNumber: 1, title: 'Change 1' },
        ...{ actor: 'dana', attempt: 2, waitingFor: [] },
        state: { status: 'completed', conclusion: 'success' },
      },
      approvedBy: ['ravi'],
    });
    expect(found.jobs).toMatchObject([
      { jobKey: 'github_com.11', attempt: 1, steps: [] },
      {
        ...{ jobKey: 'github_com.10', name: 'deploy', attempt: 2 },
        steps: [{ name: 'Roll-back the service' }],
      },
    ]);
  });

  it('gives the newest first, of the environments that match', async () => {
    await deliveries.apply(
      ['qa', 'Prod/EU', 'prod-us', 'staging', 'qa'].map((environment, n) =>
        hint(deployment(n, { environment })),
      ),
    );
    expect(await keys(API, ['prod*'])).toEqual([
      'github_com.52',
      'github_com.51',
    ]);
    expect(await keys(API, ['qa', 'staging'])).toEqual([
      ...['github_com.54', 'github_com.53', 'github_com.50'],
    ]);
    expect(await store.pipelineDeployments(API, ['*'], 2)).toHaveLength(2);
    expect(await keys(API, ['q', ''])).toEqual([]);
    expect(await store.seenEnvironments(API)).toEqual([
      ...['qa', 'staging', 'prod-us', 'Prod/EU'],
    ]);
    expect(await store.seenEnvironments('component:default/no')).toEqual([]);
    expect((await store.pipelineDeployments(API, ['qa'], 1))[0]).toMatchObject({
      ...{ run: undefined, jobs: [], approvedBy: undefined },
    });
  });

  it('gives a service only what its own runs deployed', async () => {
    await deliveries.replaceBindings(
      [
        binding('api', { workflows: ['deploy.yml'] }),
        binding('checks', { workflows: ['checks.yml'] }),
        binding('ledger', { paths: ['apps/ledger'] }),
        binding('whole'),
      ],
      true,
    );
    await deliveries.apply([
      hint(runFact(1, 'completed', 'success')),
      hint(runFact(2, 'completed', 'success', CHECKS)),
      hint(deployment(1, { runKey: 'github_com.1', environment: 'one' })),
      hint(deployment(2, { runKey: 'github_com.2', environment: 'two' })),
      hint(deployment(3, { runKey: 'github_com.404', environment: 'three' })),
      hint(deployment(4, { environment: 'four' })),
      // Another repository claims the run of this one.
      hint(repositoryFact({ repoKey: 'github_com/2', slug: 'acme/evil' })),
      hint(
        deployment(5, {
          ...{ repoKey: 'github_com/2', runKey: 'github_com.1' },
          environment: 'five',
        }),
      ),
    ]);
    const seen = (name: string) =>
      store.seenEnvironments(`component:default/${name}`);
    expect(await seen('api')).toEqual(['one']);
    expect(await seen('checks')).toEqual(['two']);
    expect(await seen('ledger')).toEqual(['two', 'one']);
    expect(await seen('whole')).toEqual(['four', 'three', 'two', 'one']);
    expect(await keys('component:default/checks')).toEqual(['github_com.52']);
  });

  it('finds them through a rename', async () => {
    await deliveries.apply([
      hint(deployment(1)),
      hint(
        repositoryFact({
          ...{ slug: 'acme/safe', url: 'https://github.com/acme/safe' },
        }),
        NOON + 10,
      ),
    ]);
    expect(await keys(API)).toEqual(['github_com.51']);
  });

  const push = (
    from: number,
    to: number,
    more: Partial<PushFact> = {},
  ): Fact => ({
    kind: 'push',
    repoKey: REPO,
    branch: 'main',
    before: sha(from),
    after: sha(to),
    files: ['x'],
    commits: Array.from({ length: to - from }, (_, n) => ({
      ...{ sha: sha(from + n + 1), title: `Commit ${from + n + 1}` },
      ...{ author: 'mei', at: NOON + from + n + 1 },
    })),
    ...more,
  });
  const between = async (base: number, head: number) =>
    (await store.pushedBetween(REPO, sha(base), sha(head)))?.map(one =>
      Number(one.sha),
    );

  it('follows the pushes of a branch from one commit to another', async () => {
    await deliveries.apply([
      hint(push(1, 3)),
      hint(push(3, 4)),
      hint(push(4, 7)),
      hint(push(6, 7, { branch: 'a feature' })),
    ]);
    expect(await between(1, 7)).toEqual([7, 6, 5, 4, 3, 2]);
    expect(await between(6, 7)).toEqual([7]);
    expect(await between(3, 3)).toEqual([]);
    expect((await store.pushedBetween(REPO, sha(3), sha(4)))?.[0]).toEqual({
      ...{ sha: sha(4), title: 'Commit 4', author: 'mei', at: NOON + 4 },
      url: `https://github.com/Acme/Vaultex/commit/${sha(4)}`,
    });
    // Backwards, from the middle of a push, from before what is known, of another repository.
    expect(await between(4, 1)).toBeUndefined();
    expect(await between(2, 4)).toBeUndefined();
    expect(await between(0, 4)).toBeUndefined();
    expect(
      await store.pushedBetween('github_com/2', sha(3), sha(4)),
    ).toBeUndefined();
  });

  it.each([
    ['a push that was forced', { files: undefined }],
    ['a push without commits', { commits: undefined }],
    ['a push that goes on where it began', { before: sha(4) }],
    [
      'a push with more commits than are told',
      {
        commits: Array.from({ length: 250 }, (_, n) => ({
          ...{ sha: sha(100 + n), title: '' },
        })),
      },
    ],
  ])('takes %s for a hole', async (_, more) => {
    await deliveries.apply([
      hint(push(1, 3)),
      hint(push(3, 4, more)),
      hint(push(4, 5)),
    ]);
    expect(await between(4, 5)).toEqual([5]);
    expect(await between(1, 5)).toBeUndefined();
  });

  it('knows commits from pushes before comparisons before runs about them', async () => {
    const url = (n: number) =>
      `https://github.com/Acme/Vaultex/commit/${sha(n)}`;
    await deliveries.apply([
      hint(push(1, 2)),
      hint(runFact(1, 'completed', 'success', { sha: sha(2) })),
      hint(runFact(2, 'completed', 'success', { sha: sha(3) })),
      hint(
        runFact(3, 'completed', 'success', {
          ...{ sha: sha(3), title: 'Pull request', event: 'pull_request' },
          createdAt: NOON,
        }),
      ),
      hint(
        runFact(4, 'completed', 'success', {
          ...{ sha: sha(4), title: 'By hand', event: 'workflow_dispatch' },
        }),
      ),
    ]);
    const range = {
      ...{ status: 'ahead' as const, aheadBy: 2, behindBy: 0 },
      commits: [2, 5].map(n => ({ sha: sha(n), title: `Compared ${n}` })),
    };
    await store.saveComparison(REPO, sha(1), sha(5), range);
    const shas = [1, 2, 3, 4, 5].map(sha);
    expect([...(await store.commits(REPO, shas)).values()]).toEqual([
      {
        ...{ sha: sha(2), title: 'Commit 2', author: 'mei', at: NOON + 2 },
        url: url(2),
      },
      { sha: sha(5), title: 'Compared 5', url: url(5) },
      {
        ...{ sha: sha(3), title: 'Change 2', author: 'dana' },
        ...{ at: NOON + 2000, url: url(3) },
      },
    ]);
    await deliveries.prune({ inboxBodies: 0, unclaimed: 0, jobs: NOON + 1 });
    const kept = await store.commits(REPO, shas);
    expect(kept.get(sha(2))?.title).toBe('Compared 2');
  });
});
