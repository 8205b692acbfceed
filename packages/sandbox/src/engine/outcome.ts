import type { JobRecord } from '../state';
import type { EngineCore } from './EngineCore';
import { hashUnit } from './random';
import { jobFacts } from './jobFacts';
import type { RunPlayer } from './RunPlayer';
import type { StepSpec } from './workflowTypes';

/** What will happen to a job: nothing, or a step that fails or never ends. */
export interface JobOutcome {
  kind: 'success' | 'failure' | 'hang';
  /** Place of the step that fails; -1 for none. */
  index: number;
  /** Somebody has asked for it; otherwise it came by chance. */
  asked: boolean;
}

interface Candidate {
  name: string;
  seconds: number;
  mayFail: boolean;
  step: StepSpec | null;
}

const PREPARATION = /^(actions\/(checkout|setup-|upload-)|docker\/setup)/;

/** Steps that check or deploy something fail; checking out and setting up does not. */
function failingStep(candidates: Candidate[], roll: number): number {
  const weights = candidates.map(({ seconds, mayFail, step }) => {
    if (!mayFail || !step || PREPARATION.test(step.uses ?? '')) return 0;
    return /\b(ci|install)\b/.test(step.run ?? '') ? seconds / 10 : seconds;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return candidates.findIndex(({ mayFail }) => mayFail);
  let rest = roll * total;
  return weights.findIndex(weight => {
    rest -= weight;
    return weight > 0 && rest <= 0;
  });
}

/** Decided by the seed and the job alone, so that a restart in the middle changes nothing. */
export function planOutcome(
  core: EngineCore,
  player: RunPlayer,
  job: JobRecord,
  candidates: Candidate[],
): JobOutcome {
  const facts = jobFacts(player, job);
  const index = failingStep(candidates, hashUnit(core.seed, job.id, 'which'));
  const forced = player.forcedOutcome(job);
  if (forced) {
    const wanted = forced.step?.toLowerCase();
    const named = candidates.findIndex(
      ({ name, mayFail }) =>
        wanted !== undefined && mayFail && name.toLowerCase().includes(wanted),
    );
    return {
      kind: forced.kind,
      index: named < 0 ? index : named,
      asked: true,
    };
  }
  const wished = core.stepWishes.take(
    job,
    {
      run: player.run,
      jobs: core.state.jobsOfRun.get(player.run.id) ?? [],
    },
    player.loaded.file.path,
    candidates.map(({ name }) => name),
  );
  if (wished >= 0) return { kind: 'failure', index: wished, asked: true };
  // What shall go wrong must be reached: nothing before it fails by chance.
  if (player.isForced) return { kind: 'success', index: -1, asked: false };
  const roll = hashUnit(core.seed, job.id, 'fate');
  const fails = core.profile.failureChance(facts);
  if (roll < fails) return { kind: 'failure', index, asked: false };
  if (roll < fails + core.profile.hangChance(facts)) {
    return { kind: 'hang', index, asked: false };
  }
  return { kind: 'success', index: -1, asked: false };
}
