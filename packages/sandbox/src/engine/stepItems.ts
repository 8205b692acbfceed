import type { JobRecord } from '../state';
import type { EngineCore } from './EngineCore';
import { jobFacts } from './jobFacts';
import { hashUnit } from './random';
import type { RunPlayer } from './RunPlayer';
import type { JobSpec, StepSpec } from './workflowTypes';

/** One line in the list of a job's steps. */
export interface StepItem {
  name: string;
  spec: StepSpec | null;
  /** Usual duration, real-world seconds. */
  seconds: number;
  /** Runs even after a failure, like "Post …" and "Complete job". */
  always: boolean;
}

const POSTS = /^(actions\/(checkout|setup-)|docker\/|aws-actions\/configure)/;

/** GitHub's name of a step without `name:`. */
function defaultStepName(spec: StepSpec): string {
  const first = (spec.run ?? '').trim().split('\n')[0];
  return `Run ${spec.uses ?? first}`;
}

/** The steps of a job with those the runner adds around them. */
export function stepItems(
  core: EngineCore,
  player: RunPlayer,
  job: JobRecord,
  spec: JobSpec,
): StepItem[] {
  const facts = jobFacts(player, job);
  const pace = 0.85 + 0.35 * hashUnit(core.seed, job.id, 'pace');
  const items: StepItem[] = [
    { name: 'Set up job', spec: null, seconds: 14, always: true },
  ];
  for (const step of spec.steps) {
    const name = step.name ?? defaultStepName(step);
    const usual = core.profile.seconds({ ...step, name }, facts);
    const chance = hashUnit(core.seed, job.id, items.length);
    const seconds = usual * pace * (0.8 + 0.4 * chance);
    items.push({ name, spec: step, seconds, always: false });
  }
  for (const step of [...spec.steps].reverse()) {
    if (step.uses && POSTS.test(step.uses)) {
      const name = `Post ${step.name ?? defaultStepName(step)}`;
      items.push({ name, spec: null, seconds: 2, always: true });
    }
  }
  items.push({ name: 'Complete job', spec: null, seconds: 2, always: true });
  return items;
}
