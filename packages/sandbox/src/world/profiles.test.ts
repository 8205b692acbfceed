import type { PullRequestRecord } from '../state';
import { COMPONENTS } from './components';
import { builtWorld, type BuiltWorld } from './testUtils/builtWorld';
import { productionOf } from './testUtils/productionOf';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Runs that reached production in 90 days, how many of them failed there, and incidents, each as `[least, most]`. */
const PROFILES: Record<
  string,
  { runs: number[]; failed: number[]; incidents: number[] }
> = {
  'vaultex-api': { runs: [90, 190], failed: [4, 12], incidents: [2, 2] },
  'vaultex-ledger': { runs: [30, 70], failed: [0, 4], incidents: [1, 1] },
  'cicd-platform': { runs: [70, 130], failed: [0, 3], incidents: [0, 0] },
  'order-processing': { runs: [11, 18], failed: [1, 4], incidents: [2, 2] },
  'eventflow-backend': { runs: [24, 40], failed: [1, 8], incidents: [1, 1] },
  'eventflow-frontend': { runs: [24, 40], failed: [1, 8], incidents: [1, 1] },
  'legacy-billing': { runs: [9, 16], failed: [2, 6], incidents: [2, 2] },
};

const median = (values: number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

jest.setTimeout(60_000);

// the days of a quarter fall on other days of the week, and all that is left to chance falls differently
describe.each([Date.UTC(2026, 10, 20, 9, 30), Date.UTC(2027, 2, 2, 9, 30)])(
  'the services of a world that ends at %d',
  anchor => {
    let world: BuiltWorld;

    beforeAll(async () => {
      world = await builtWorld(anchor);
    }, 120_000);
    afterAll(() => world?.remove());

    const repoOf = (name: string) => {
      const repo = [...world.state.repos.values()].find(r => r.name === name);
      if (!repo) throw new Error(`no ${name}`);
      return repo;
    };
    const pullsOf = (name: string) =>
      [...world.state.pulls.values()].filter(
        ({ repoId }) => repoId === repoOf(name).id,
      );
    const issuesOf = (component: string) => {
      const found = COMPONENTS.find(({ name }) => name === component);
      if (!found) throw new Error(`no ${component}`);
      const { id } = repoOf(found.repo.name);
      return [...world.state.issues.values()].filter(
        ({ repoId, labels }) =>
          repoId === id && (!found.label || labels.includes(found.label)),
      );
    };
    const own = (pull: PullRequestRecord) => {
      const repo = world.state.repos.get(pull.repoId);
      if (!repo) throw new Error('no repository');
      return world.git.log(repo, `${pull.baseSha}..${pull.headSha}`, 100);
    };
    async function hoursToMerge(name: string): Promise<number[]> {
      const hours: number[] = [];
      // git is asked for each of them: a third says enough
      for (const [index, pull] of pullsOf(name).entries()) {
        if (index % 3 > 0 && pullsOf(name).length > 60) continue;
        if (pull.mergedAt === null || pull.author.endsWith('[bot]')) continue;
        const times = (await own(pull)).map(({ authoredAt }) => authoredAt);
        hours.push((pull.mergedAt - Math.min(...times)) / HOUR);
      }
      return hours;
    }

    it.each(Object.entries(PROFILES))(
      '%s has its profile',
      (name, { runs, failed, incidents }) => {
        const attempts = productionOf(world.state, name);
        const ids = (which: typeof attempts) =>
          new Set(which.map(({ run }) => run.id)).size;
        expect(ids(attempts)).toBeGreaterThanOrEqual(runs[0]);
        expect(ids(attempts)).toBeLessThanOrEqual(runs[1]);
        const bad = ids(attempts.filter(({ ok }) => !ok));
        expect(bad).toBeGreaterThanOrEqual(failed[0]);
        expect(bad).toBeLessThanOrEqual(failed[1]);
        expect(issuesOf(name).length).toBeGreaterThanOrEqual(incidents[0]);
        expect(issuesOf(name).length).toBeLessThanOrEqual(incidents[1]);
      },
    );

    it('differ in how long a change takes until it is merged', async () => {
      const platform = median(await hoursToMerge('cicd-platform'));
      const vaultex = median(await hoursToMerge('vaultex'));
      const orders = median(
        (await hoursToMerge('order-processing')).filter(hours => hours > 40),
      );
      expect(platform).toBeLessThan(3);
      expect(vaultex).toBeGreaterThan(5);
      expect(vaultex).toBeLessThan(30);
      expect(orders).toBeGreaterThan(60);
    });

    it('are merged as their repositories merge', async () => {
      const parents = async (name: string) => {
        const merged = pullsOf(name).filter(({ mergeSha }) => mergeSha);
        // one call reads them all, so that each is known afterwards
        for (const branch of ['main', 'develop']) {
          await world.git.log(repoOf(name), branch, 2_000);
        }
        const counts = new Set<number>();
        for (const { mergeSha } of merged) {
          const info = await world.git.commitInfo(
            repoOf(name),
            mergeSha as string,
          );
          expect(info?.committer.email).toBe('noreply@github.com');
          counts.add(info?.parents.length ?? 0);
        }
        return [...counts];
      };
      expect(await parents('vaultex')).toEqual([1]);
      expect(await parents('eventflow')).toEqual([2]);
      let several = 0;
      for (const pull of pullsOf('cicd-platform')) {
        if (pull.mergeSha === null) continue;
        const written = await own(pull);
        if (written.length < 2) continue;
        several += 1;
        const landed = await world.git.log(
          repoOf('cicd-platform'),
          pull.mergeSha,
          written.length,
        );
        const authored = (list: typeof landed) =>
          list.map(({ authoredAt }) => authoredAt);
        expect(authored(landed)).toEqual(authored(written));
        expect(landed[0].sha).not.toBe(pull.headSha);
        expect(landed[0].at).toBe(pull.mergedAt);
      }
      expect(several).toBeGreaterThan(3);
    }, 30_000);

    it('have pull requests of several commits, with a first review after they were opened', async () => {
      const merged = [...world.state.pulls.values()].filter(p => p.mergedAt);
      for (const pull of merged) {
        const [first] = pull.reviews ?? [];
        expect(first.at).toBeGreaterThan(pull.createdAt);
        expect(first.at).toBeLessThanOrEqual(pull.mergedAt as number);
        expect(first.user).not.toBe(pull.author);
      }
      const counts = await Promise.all(
        pullsOf('order-processing').map(async p => (await own(p)).length),
      );
      expect(Math.max(...counts)).toBeGreaterThan(3);
      const bots = merged.filter(({ author }) => author === 'dependabot[bot]');
      expect(bots.length).toBeGreaterThan(8);
      expect(bots.every(p => p.labels?.includes('dependencies'))).toBe(true);
      const hotfixes = merged.filter(p => p.labels?.includes('hotfix'));
      expect(hotfixes.length).toBeGreaterThanOrEqual(6);
      expect(hotfixes.some(p => /^Fixes #\d+$/.test(p.body ?? ''))).toBe(true);
    });

    it('revert what they name', async () => {
      const reverts = [...world.state.pulls.values()].filter(({ title }) =>
        title.startsWith('Revert'),
      );
      expect(reverts.length).toBeGreaterThanOrEqual(3);
      for (const pull of reverts) {
        const repo = world.state.repos.get(pull.repoId);
        if (!repo) throw new Error('no repository');
        const number = Number(/#(\d+)$/.exec(pull.body ?? '')?.[1]);
        const target = pullsOf(repo.name).find(p => p.number === number);
        expect(pull.title).toBe(`Revert "${target?.title} (#${number})"`);
        const texts = (await own(pull)).map(({ message }) => message);
        expect(texts.join()).toContain(
          `This reverts commit ${target?.mergeSha}.`,
        );
      }
    });

    it('have incidents of every kind, and one that nobody has closed', () => {
      const issues = [...world.state.issues.values()];
      const open = issues.filter(({ state }) => state === 'open');
      expect(open.map(({ title }) => title)).toEqual([
        'Invoices are sent twice',
      ]);
      const billing = productionOf(world.state, 'legacy-billing').at(-1);
      expect(billing?.ok).toBe(true);
      expect(open[0].createdAt).toBeGreaterThan(billing?.at ?? Infinity);
      expect(open[0].createdAt).toBeLessThan((billing?.at ?? 0) + DAY);
      const bodies = issues.map(({ body }) => body ?? '').join('\n');
      expect(bodies).toMatch(/root cause: [0-9a-f]{40}/);
      expect(bodies).toMatch(
        /sandbox:\/flexi\/order-processing\/actions\/runs\/\d+/,
      );
      expect(bodies).toMatch(/since #\d+ went/);
      const late = [
        'The card issuer does not answer',
        'A carrier sends nonsense',
      ];
      for (const [index, name] of [
        'vaultex-api',
        'order-processing',
      ].entries()) {
        const issue = issues.find(({ title }) => title === late[index]);
        const before = productionOf(world.state, name).filter(
          ({ at }) => at < (issue?.createdAt ?? 0),
        );
        expect(issue?.createdAt).toBeGreaterThan(
          (before.at(-1)?.at ?? Infinity) + DAY,
        );
      }
      for (const { repoId, number } of issues) {
        const numbers = [
          ...world.state.pulls.values(),
          ...world.state.issues.values(),
        ].filter(item => item.repoId === repoId && item.number === number);
        expect(numbers).toHaveLength(1);
      }
    });

    it('went back by their pipeline for it', () => {
      for (const name of ['vaultex-ledger', 'order-processing']) {
        const back = productionOf(world.state, name).filter(
          ({ workflow }) => workflow === 'rollback.yml',
        );
        expect(back).toHaveLength(1);
        expect(back[0].ok).toBe(true);
        const before = productionOf(world.state, name).filter(
          ({ ok, at }) => ok && at < back[0].at,
        );
        expect(back[0].run.inputs.commit).toBe(before.at(-2)?.run.headSha);
      }
    });
  },
);
