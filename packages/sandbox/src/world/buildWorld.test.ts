import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { createEngine, HandClock, readWorkflowFile } from '../engine';
import { GitRepositories } from '../store/gitRepositories';
import { SandboxStore } from '../store/sandboxStore';
import { buildWorld } from './buildWorld';
import { COMPONENTS, componentOf } from './components';
import { suggestChange } from './changes';
import { repositoryFiles, REPOSITORIES } from './repositories';

const ANCHOR = Date.UTC(2026, 10, 20, 9, 30);
const folders: string[] = [];

async function world(seed = 'delivery', anchor = ANCHOR) {
  const folder = await mkdtemp(join(tmpdir(), 'world-'));
  folders.push(folder);
  const clock = new HandClock(anchor);
  const { store: state } = await SandboxStore.open({ clock });
  const git = new GitRepositories(folder);
  const events: string[] = [];
  state.onEvent(({ event }) => events.push(event));
  await buildWorld({ state, git, seed, anchor, history: true, speed: 15 });
  return { state, git, clock, events };
}

type World = Awaited<ReturnType<typeof world>>;

function fingerprint({ state }: World): string {
  const all = [
    [...state.accounts],
    state.teams,
    [...state.repos],
    [...state.workflows],
    [...state.runs],
    [...state.jobsOfRun],
    [...state.deployments],
    [...state.pulls],
    state.saved.get('aws'),
  ];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

describe('the world', () => {
  let built: World;

  beforeAll(async () => {
    built = await world();
  }, 60_000);

  afterAll(async () => {
    await Promise.all(
      folders.map(folder => rm(folder, { recursive: true, force: true })),
    );
  });

  const runs = () => [...built.state.runs.values()];
  const repoOf = (name: string) =>
    [...built.state.repos.values()].find(repo => repo.name === name);
  const finals = () => runs().map(run => run.attempts[run.attempts.length - 1]);

  it('is the same for the same seed and day, and another for another seed', async () => {
    const sameDay = await world('delivery', ANCHOR + 3_600_000);
    expect(fingerprint(sameDay)).toBe(fingerprint(built));
    expect(fingerprint(await world('other'))).not.toBe(fingerprint(built));
  }, 60_000);

  it('has the records of 90 days, and not too many of them', () => {
    const jobs = [...built.state.jobsOfRun.values()].flat();
    expect(runs().length).toBeGreaterThan(800);
    expect(runs().length).toBeLessThan(1_600);
    expect(jobs.length).toBeLessThan(12_000);
    const times = runs().map(({ createdAt }) => createdAt);
    const end = ANCHOR - (ANCHOR % 86_400_000);
    expect(Math.max(...times)).toBeLessThan(end);
    expect(Math.min(...times)).toBeGreaterThan(end - 91 * 86_400_000);
    expect(built.events).toEqual([]);
  });

  it('has every kind of end a page must show', () => {
    const seen = new Set(finals().map(item => item.conclusion ?? item.status));
    expect([...seen].sort()).toEqual(
      [
        'action_required',
        'cancelled',
        'failure',
        'stale',
        'startup_failure',
        'success',
        'timed_out',
        'waiting',
      ].sort(),
    );
    expect(Math.max(...runs().map(run => run.attempts.length))).toBe(3);
    const reviews = runs().flatMap(run => run.reviews);
    expect(new Set(reviews.map(({ state }) => state)).size).toBe(2);
    const text = runs().map(run => run.displayTitle + run.headBranch);
    expect(text.some(item => item.includes('<script>'))).toBe(true);
    expect(text.some(item => item.includes('\u202E'))).toBe(true);
    expect(text.some(item => item.length > 300)).toBe(true);
    expect(text.some(item => item.includes('<b>"rounding"&co'))).toBe(true);
    const actors = new Set(runs().map(({ actor }) => actor));
    expect(actors).toContain('dependabot[bot]');
    expect(actors).toContain('github-actions[bot]');
  });

  it('has services that differ', () => {
    const share = (name: string) => {
      const repo = repoOf(name);
      const own = runs().filter(
        run => run.repoId === repo?.id && run.event === 'push',
      );
      const good = own.filter(
        run => run.attempts.at(-1)?.conclusion === 'success',
      );
      return { count: own.length, good: good.length / own.length };
    };
    expect(share('vaultex').count).toBeGreaterThan(
      share('order-processing').count,
    );
    expect(share('order-processing').count).toBeGreaterThan(
      share('legacy-billing').count,
    );
    expect(share('vaultex').good).toBeGreaterThan(share('legacy-billing').good);
  });

  it('ends with one run that waits for a person, and goes on with it', async () => {
    const open = runs().filter(
      run => run.attempts.at(-1)?.status !== 'completed',
    );
    expect(open).toHaveLength(1);
    const { state, git } = built;
    const engine = createEngine({ state, git, seed: 'delivery' });
    await engine.resume();
    const pending = engine.pending(open[0]);
    expect(pending.map(({ environment }) => environment.name)).toEqual([
      'production',
    ]);
    engine.stop();
  });

  it('has jobs that ran inside their attempts, and deployments with a last word', () => {
    for (const run of runs()) {
      for (const job of built.state.jobsOfRun.get(run.id) ?? []) {
        const attempt = run.attempts[job.attempt - 1];
        expect(job.createdAt).toBeGreaterThanOrEqual(attempt.startedAt);
        if (job.status !== 'completed') continue;
        expect(job.completedAt).toBeGreaterThanOrEqual(
          job.startedAt ?? Infinity,
        );
        expect(job.completedAt).toBeLessThanOrEqual(
          attempt.completedAt ?? Infinity,
        );
      }
    }
    const active = new Map<string, number>();
    for (const {
      repoId,
      environment,
      statuses,
    } of built.state.deployments.values()) {
      if (statuses.at(-1)?.state !== 'success') continue;
      const key = `${repoId}/${environment}`;
      active.set(key, (active.get(key) ?? 0) + 1);
    }
    expect(active.size).toBeGreaterThan(8);
    expect(Math.max(...active.values())).toBe(1);
  });

  it('keeps the commits of its runs in git', async () => {
    for (const run of runs().filter((_, index) => index % 150 === 0)) {
      const repo = built.state.repos.get(run.repoId);
      const info = repo && (await built.git.commitInfo(repo, run.headSha));
      expect(info?.message).toBe(run.headMessage);
    }
    const eventflow = repoOf('eventflow');
    expect(
      eventflow && (await built.git.resolve(eventflow, 'develop')),
    ).toMatch(/^[0-9a-f]{40}$/);
  });

  it('plays a push of today from git', async () => {
    const { state, git, clock } = built;
    const repo = repoOf('vaultex');
    const component = componentOf('vaultex-api');
    if (!repo || !component) throw new Error('no vaultex-api');
    const failures = 'none';
    const engine = createEngine({ state, git, seed: 'delivery', failures });
    const before = (await git.resolve(repo, 'main')) ?? '';
    const { title, files } = suggestChange(component, () => 0.1);
    const { sha: after } = await git.commit(repo, {
      branch: 'main',
      files,
      message: title,
      author: { name: 'Dana', email: 'dana@delivery.example' },
      at: clock.now(),
    });
    const push = { branch: 'main', before, after, actor: 'dana' };
    const [run, ...others] = await engine.push(repo, push);
    expect(others).toEqual([]);
    expect(run.displayTitle).toBe(title);
    clock.runAll();
    const { status, conclusion } = run.attempts[0];
    expect([status, conclusion]).toEqual(['waiting', null]);
    const seconds = (run.attempts[0].updatedAt - run.createdAt) / 1000;
    expect(seconds).toBeGreaterThan(40);
    expect(seconds).toBeLessThan(90);
    engine.stop();
  });
});

describe('the files of the world', () => {
  const sha = 'a'.repeat(40);
  const all = REPOSITORIES.map(
    spec => [`${spec.owner}/${spec.name}`, repositoryFiles(spec, sha)] as const,
  );
  const workflows = all.flatMap(([slug, files]) =>
    Object.entries(files)
      .filter(([path]) => path.startsWith('.github/workflows/'))
      .map(([path, text]) => [slug, path, text] as const),
  );

  it.each(workflows)('%s %s can be read', (slug, path, text) => {
    expect(readWorkflowFile(path, text).jobs.size).toBeGreaterThan(0);
    if (slug === 'acme/legacy-billing') return;
    for (const [, ref] of text.matchAll(/uses: (?!\.\/)\S+@(\S+)/g)) {
      expect(ref).toMatch(/^[0-9a-f]{40}$/);
    }
    expect(text).toContain('permissions: {}');
  });

  it('describe the components the control knows', () => {
    const described = all.flatMap(([slug, files]) =>
      parseAllDocuments(files['catalog-info.yaml'] ?? '').flatMap(document => {
        const entity = document.toJS();
        if (!entity) return [];
        const { name, annotations } = entity.metadata;
        expect(annotations['github.com/project-slug']).toBe(slug);
        return [
          {
            name,
            workflows: annotations['github.com/workflows'].split(','),
            globs: annotations['delivery.platform/paths'].split(','),
          },
        ];
      }),
    );
    const known = COMPONENTS.map(({ name, workflows: files, globs }) => ({
      name,
      workflows: files,
      globs,
    }));
    const byName = (a: { name: string }, b: { name: string }) =>
      a.name < b.name ? -1 : 1;
    expect(described.sort(byName)).toEqual(known.sort(byName));
  });

  it('are found by component and by repository', () => {
    expect(componentOf('vaultex')?.name).toBe('vaultex-api');
    expect(componentOf('eventflow/eventflow')?.name).toBe('eventflow-backend');
    expect(componentOf('nothing')).toBeUndefined();
  });
});
