import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HandClock } from '../../engine';
import { GitRepositories } from '../../store/gitRepositories';
import { SandboxStore } from '../../store/sandboxStore';
import { buildWorld } from '../buildWorld';

/** A world with its history in a folder of its own, gone after `remove`. */
export async function builtWorld(anchor: number, seed = 'delivery') {
  const folder = await mkdtemp(join(tmpdir(), 'world-'));
  const clock = new HandClock(anchor);
  const { store: state } = await SandboxStore.open({ clock });
  const git = new GitRepositories(folder);
  await buildWorld({ state, git, seed, anchor, history: true, speed: 15 });
  return {
    state,
    git,
    clock,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export type BuiltWorld = Awaited<ReturnType<typeof builtWorld>>;
