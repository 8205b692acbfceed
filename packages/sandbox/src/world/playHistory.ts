import type { AwsCloud } from '../aws';
import { createEngine, type Engine, type HandClock } from '../engine';
import { ActPlayer } from './ActPlayer';
import type { GitStore, RepoRecord, RunRecord, SandboxState } from '../state';
import { pastState } from './pastState';
import type { PlannedSource } from './plannedSource';
import { Reactions, type LaterAct } from './Reactions';
import type { Timeline } from './plan';

/** A repository with what happened in it. */
export interface RepoTimeline {
  repo: RepoRecord;
  timeline: Timeline;
}

/**
 * Plays the planned acts with the real engine and a clock that jumps from event to event. Runs that wait for a
 * person when `until` comes stay waiting.
 */
export async function playHistory(options: {
  state: SandboxState;
  git: GitStore;
  source: PlannedSource;
  seed: string;
  speed: number;
  repos: RepoTimeline[];
  until: number;
  /** Stands before the first act. */
  clock: HandClock;
  /** Where the pipelines deploy to, with the same clock. */
  aws?: AwsCloud;
}): Promise<void> {
  const { state, git, source, seed, speed, repos, until } = options;
  const { clock, aws } = options;
  const acts: LaterAct[] = [];
  const later = (act: LaterAct) => {
    let index = acts.length;
    while (index > 0 && acts[index - 1].at > act.at) index -= 1;
    acts.splice(index, 0, act);
  };
  const orders = repos.find(({ repo }) => repo.name === 'order-processing');
  const lastOrder = orders?.timeline.acts.findLast(
    ({ kind }) => kind === 'push',
  );
  const leaveWaiting = (run: RunRecord) =>
    lastOrder?.kind === 'push' && run.headSha === lastOrder.commit.sha;
  const shasOf = (which: 'certain' | 'lost') =>
    new Set(
      repos.flatMap(({ timeline }) =>
        [...timeline[which]].map(({ sha }) => sha),
      ),
    );
  const certain = shasOf('certain');
  const lost = shasOf('lost');
  // People react to the engine, which is made with their reactions.
  const engines: Engine[] = [];
  const reactions = new Reactions({
    state: pastState(state, clock, () => {}),
    seed,
    engine: () => engines[0],
    later,
    leaveWaiting,
    certain: run =>
      certain.has(run.headSha) || run.event === 'workflow_dispatch',
    lost: run => lost.has(run.headSha),
  });
  const past = pastState(state, clock, event => reactions.on(event));
  const engine = createEngine({
    state: past,
    git,
    clock,
    seed,
    speed,
    source,
    aws,
  });
  engines.push(engine);
  const player = new ActPlayer(past, engine, source);
  const planned = repos
    .flatMap(({ repo, timeline }) => timeline.acts.map(act => ({ repo, act })))
    .sort((a, b) => a.act.at - b.act.at);
  for (const { repo, act } of planned) {
    acts.push({ at: act.at, act: () => player.play(repo, act) });
  }
  while (acts.length > 0 && acts[0].at < until) {
    // A timer may add an act before the one that is next now.
    if (clock.nextAt() <= acts[0].at) {
      clock.advanceTo(clock.nextAt());
      continue;
    }
    const next = acts.shift() as LaterAct;
    clock.advanceTo(next.at);
    await next.act();
  }
  clock.advanceTo(until);
  engine.stop();
}
