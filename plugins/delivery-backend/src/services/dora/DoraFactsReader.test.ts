import { TestDatabases } from '@backstage/backend-test-utils';
import { DEFAULT_DORA_SETTINGS } from 'backstage-plugin-delivery-common';
import {
  linkFacts,
  mergeSources,
} from 'backstage-plugin-delivery-common/domain';
import {
  API,
  DAY,
  HOUR,
  makeDoraWorld,
  MINUTE,
  NOON,
  REPO,
  shaOf,
} from '../../__testUtils__/dora/makeDoraWorld';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const [A, B, C] = [1, 2, 3].map(shaOf);
const WEB = 'component:default/web';

async function make(options?: Parameters<typeof makeDoraWorld>[1]) {
  const world = await makeDoraWorld(await databases.init('SQLITE_3'), options);
  await world.bind();
  const of = async (ref = API) => {
    const facts = await world.facts.of(ref);
    if (!facts) throw new Error(`${ref} has no production`);
    return facts;
  };
  return { ...world, of };
}

const issue = (number: number, more: object = {}) => ({
  ...{ number, title: `Incident ${number}`, labels: ['incident'] },
  ...{ openedAt: NOON + DAY, updatedAt: NOON + DAY, isIncident: true },
  ...more,
});
const commit = (sha: string, parents: string[], more: object = {}) => ({
  ...{ sha, parents, author: 'dana', message: `Commit ${sha.slice(0, 2)}` },
  ...{ authoredAt: NOON - DAY, committedAt: NOON - DAY, ...more },
});

describe('Deployments of a service', () => {
  it('are all counted, not only those the page of environments looks at', async () => {
    const { of, tell } = await make();
    for (let id = 1; id <= 120; id++) {
      await tell({ id, sha: shaOf(id), at: NOON + id * HOUR });
    }
    const { deployments, wanted } = await of();
    expect(deployments).toHaveLength(120);
    expect(wanted.pairs).toHaveLength(119);
    expect(wanted.pairs[0]).toEqual({ base: shaOf(119), head: shaOf(120) });
  });

  it('say when they waited, began and were live', async () => {
    const { of, tell } = await make();
    await tell({
      ...{ id: 1, sha: A, at: NOON },
      states: ['waiting', 'in_progress', 'success', 'inactive'],
    });
    expect((await of()).deployments).toEqual([
      expect.objectContaining({
        ...{ source: 'vendor_deployment', status: 'succeeded', sha: A },
        ...{ environment: 'production', tier: 'production', touched: true },
        ...{ createdAt: NOON - MINUTE, waitedMs: 2 * MINUTE },
        // First success, not what was written last.
        finishedAt: NOON + 4 * MINUTE,
        run: expect.objectContaining({ id: 'github_com.1', attempt: 1 }),
        ...{ title: 'Change 1', actor: 'dana' },
      }),
    ]);
  });

  it('that a refused gate ended changed nothing', async () => {
    const { of, tell } = await make();
    await tell({
      ...{ id: 1, sha: A, at: NOON, job: 'failure' },
      states: ['waiting', 'failure'],
    });
    expect((await of()).deployments).toMatchObject([
      { status: 'failed', touched: false },
    ]);
  });

  it('include what was meant for production and failed before, but no run into another environment alone', async () => {
    const { of, tell } = await make();
    const button = { event: 'workflow_dispatch' };
    const failed = { job: 'failure', environment: '', states: [] };
    await tell(
      { id: 1, sha: A, at: NOON, run: button },
      { ...failed, id: 2, sha: B, at: NOON + HOUR },
      { ...failed, id: 3, sha: B, at: NOON + HOUR, job: 'cancelled' },
      {
        ...{ id: 4, sha: B, at: NOON + HOUR, job: 'failure', run: button },
        ...{ environment: 'staging', states: ['in_progress', 'failure'] },
      },
      // Not about production at all: a pull request, another pipeline, another branch.
      { ...failed, id: 5, sha: B, at: NOON, run: { event: 'pull_request' } },
      { ...failed, id: 6, sha: B, at: NOON, run: { pipelineKey: `${REPO}/9` } },
      { ...failed, id: 7, sha: B, at: NOON, run: { branch: 'feature' } },
    );
    const { deployments } = await of();
    expect(
      deployments
        .filter(item => item.source === 'run')
        .map(item => [item.run?.id, item.status, item.touched])
        .sort(),
    ).toEqual([
      ['github_com.2', 'failed', false],
      ['github_com.3', 'cancelled', false],
    ]);
    const { settings, asOf } = {
      settings: DEFAULT_DORA_SETTINGS,
      asOf: NOON + 9 * DAY,
    };
    expect(
      mergeSources(deployments, { settings, asOf }).deployments.map(
        item => item.outcome,
      ),
    ).toEqual(
      expect.arrayContaining([
        ...['succeeded', 'failed_before_production', 'cancelled'],
      ]),
    );
  });

  it('of a clock that goes a little ahead are believed', async () => {
    const { of, tell, clock } = await make();
    clock.at = NOON + MINUTE;
    await tell({ id: 1, sha: A, at: NOON });
    expect((await of()).asOf).toBe(NOON + 2 * MINUTE);
  });
});

describe('Changes of a service', () => {
  it('are pull requests and what reached the branch without one, each once', async () => {
    const { of, tell, changes } = await make();
    await tell({ id: 1, sha: A, at: NOON }, { id: 2, sha: B, at: NOON + DAY });
    const [own, side, direct, rebased] = [11, 12, 13, 14].map(shaOf);
    const merged = shaOf(10);
    await changes.saveSpan({
      ...{ repoKey: REPO, base: A, head: B, status: 'ahead', complete: true },
      shas: [own, side, merged, direct, rebased, B],
    });
    const early = { authoredAt: NOON - 2 * DAY, message: 'Rebased' };
    await changes.saveCommits(REPO, [
      commit(own, [A]),
      commit(side, [own]),
      commit(merged, [A, side]),
      commit(direct, [merged], { message: 'Fix it\n\nFixes #12' }),
      commit(rebased, [direct], { ...early, committedAt: NOON }),
      commit(B, [rebased], { author: 'renovate[bot]' }),
    ]);
    const pull = {
      ...{ title: 'Add it', author: 'ravi', isBot: false, base: 'main' },
      ...{ branch: 'feature', labels: [], openedAt: NOON - DAY },
      ...{ mergedAt: NOON, updatedAt: NOON },
    };
    await changes.savePullRequests(REPO, [
      { ...pull, number: 7, mergeSha: merged },
      { ...pull, number: 8, mergeSha: B, body: 'Reverts Acme/Vaultex#7' },
    ]);
    await changes.savePullRequestParts(REPO, 7, {
      commits: [commit(own, [A])],
      firstReviewAt: NOON - HOUR,
    });
    await changes.savePullRequestParts(REPO, 8, {
      commits: [commit(shaOf(15), [A], early)],
    });
    const facts = await of();
    expect(facts.changes).toEqual([
      expect.objectContaining({
        ...{ id: `pr:${REPO}#7`, mergeSha: merged, services: [API] },
        commits: [expect.objectContaining({ sha: own })],
        firstReviewAt: NOON - HOUR,
      }),
      expect.objectContaining({
        id: `pr:${REPO}#8`,
        reverts: expect.objectContaining({ numbers: [7] }),
      }),
    ]);
    const linked = linkFacts(facts, DEFAULT_DORA_SETTINGS);
    const deploymentId = 'run:github_com.2@production';
    expect(linked.changes).toHaveLength(3);
    expect(linked.changes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ number: 7, deploymentId }),
        expect.objectContaining({ number: 8, deploymentId }),
        expect.objectContaining({
          ...{ kind: 'commit', title: 'Fix it', deploymentId },
          closes: [`issue:${REPO}#12`],
          url: `https://github.com/Acme/Vaultex/commit/${direct}`,
        }),
      ]),
    );
    expect(facts.spans).toEqual([
      expect.objectContaining({ base: A, head: B, complete: true }),
    ]);
    expect(facts.commits).toHaveLength(6);
  });

  it('want what lies before a commit that was put back, and files where services share a repository', async () => {
    const { of, tell, changes, bind } = await make();
    await bind({ paths: ['services/api'] });
    const push = (id: number, at: number, sha: string) => ({ id, at, sha });
    await tell(
      push(1, NOON, B),
      push(2, NOON + DAY, A),
      push(3, NOON + 2 * DAY, C),
    );
    const first = await of();
    expect(first.wanted).toMatchObject({
      files: true,
      pairs: [
        { base: A, head: C },
        { base: B, head: A },
      ],
    });
    expect(first.services).toEqual([
      expect.objectContaining({ service: API, paths: ['services/api'] }),
    ]);
    // Once it is known that A is older than B, C is compared with B, which it follows.
    await changes.saveSpan({
      ...{ repoKey: REPO, base: B, head: A, status: 'behind' },
      ...{ shas: [], complete: true },
    });
    expect((await of()).wanted.pairs).toEqual(
      expect.arrayContaining([{ base: B, head: C }]),
    );
  });
});

describe('Incidents of a service', () => {
  it('are those of its repository', async () => {
    const { of, changes } = await make();
    await changes.saveIncidents(REPO, [
      issue(1, { labelledAt: NOON + 2 * DAY, closedAt: NOON + 3 * DAY }),
      issue(2, { isIncident: false }),
    ]);
    expect((await of()).incidents).toMatchObject([
      {
        ...{ id: `issue:${REPO}#1`, service: API, number: 1 },
        ...{ startedAt: NOON + 2 * DAY, resolvedAt: NOON + 3 * DAY },
      },
    ]);
  });

  it('where several services share it are told apart by label, then by what they name', async () => {
    const { of, tell, changes } = await make({ services: ['api', 'web'] });
    await tell({ id: 1, sha: A, at: NOON });
    await changes.saveIncidents(REPO, [
      issue(1, { labels: ['incident', 'service:api'] }),
      issue(2, { labels: ['incident', 'Web'] }),
      issue(3, { labels: [API, 'incident'] }),
      issue(4, { body: `Since ${A.slice(0, 9)} nothing works` }),
      issue(5, {
        body: 'See https://github.com/Acme/Vaultex/actions/runs/1',
      }),
      issue(6),
    ]);
    const mine = (await of()).incidents.map(item => [
      ...[item.number, item.service],
    ]);
    expect(mine).toEqual([
      ...[1, 3, 4, 5].map(number => [number, API]),
      [6, undefined],
    ]);
    const others = (await of(WEB)).incidents.map(item => item.number);
    expect(others).toEqual([2, 4, 5, 6]);
  });
});
