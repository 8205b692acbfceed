import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HandClock } from '../engine';
import { accessOfPerson } from '../github/access';
import type { RepoRecord } from '../state';
import { GitRepositories } from '../store/gitRepositories';
import { SandboxStore } from '../store/sandboxStore';
import { buildWorld } from './buildWorld';
import { addPlatformV2 } from './products';

const ANCHOR = Date.UTC(2026, 10, 20, 9, 30);
const ONBOARD = '.github/workflows/onboard-service.yml';
const FILES = {
  [ONBOARD]:
    'name: Onboard a service\non: { workflow_dispatch: {} }\njobs:\n  onboard:\n    runs-on: ubuntu-24.04\n    environment: onboarding\n    steps: [{ id: onboard, run: ./onboard.sh }]\n',
  'onboarding/roles.yaml': 'Resources: {}\n',
};

describe('who creates services, and on what', () => {
  let folder: string;
  let state: SandboxStore;
  let git: GitRepositories;
  let platform: RepoRecord;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'products-'));
    const clock = new HandClock(ANCHOR);
    ({ store: state } = await SandboxStore.open({ clock }));
    git = new GitRepositories(folder);
    await buildWorld({
      state,
      git,
      seed: 'delivery',
      anchor: ANCHOR,
      history: false,
    });
    platform = state.repo('acme', 'platform-workflows') as RepoRecord;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('dana reads all of acme and may start the workflows of the platform', () => {
    const access = (name: string) =>
      accessOfPerson(state, 'dana', state.repo('acme', name) as RepoRecord);
    expect(access('platform-workflows')).toBe('push');
    expect(access('cicd-platform')).toBe('pull');
    expect(access('legacy-billing')).toBe('pull');
  });

  it('the second version is a commit with a tag and an environment of its own', async () => {
    const fresh = { ...platform, environments: [], id: state.nextId() };
    const other: RepoRecord = { ...fresh, name: 'platform-of-a-test' };
    state.repos.set(other.id, other);
    await git.init(other);
    await addPlatformV2(state, git, other, { at: ANCHOR, files: {} });
    expect(await git.resolve(other, 'main')).toBeUndefined();
    await addPlatformV2(state, git, other, { at: ANCHOR, files: FILES });
    const sha = await git.resolve(other, 'main');
    expect(sha).toMatch(/^[0-9a-f]{40}$/);
    expect(await git.resolve(other, 'v2.0.0')).toBe(sha);
    expect(other.environments).toMatchObject([
      {
        name: 'onboarding',
        reviewers: [],
        branchPolicies: [{ name: 'main' }],
      },
    ]);
    const workflows = [...state.workflows.values()].filter(
      item => item.repoId === other.id,
    );
    expect(workflows).toMatchObject([
      { path: ONBOARD, name: 'Onboard a service' },
    ]);
  });
});
