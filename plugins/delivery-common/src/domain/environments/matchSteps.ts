import type { TaskDefinitionFact } from '../../runtime';
import type { PipelineGroup } from './pipelineGroups';
import { isSame, type RuntimeStep, type Target } from './RuntimeSteps';
import { MAX_OPEN_MS } from './pipelineOutcome';

/** A deployment of the runtime may be told a little before its job, and is made at the latest when the job ends. */
const BEFORE_MS = 10_000;
const AFTER_MS = 60_000;

/** Which deployments of the runtime a deployment of the pipeline made. */
export interface Matched {
  /** Those that brought its revision. */
  own: RuntimeStep[];
  /** Those that put back what had been there before. */
  back: RuntimeStep[];
}

/** What the matching stands on. */
export interface MatchInput {
  /** Oldest first. */
  groups: PipelineGroup[];
  /** Oldest first. */
  steps: RuntimeStep[];
  taskDefinitions: Map<string, TaskDefinitionFact>;
}

/** True when a moment lies within what a deployment of the pipeline did. */
export function isWithin(
  { start, end }: Pick<PipelineGroup, 'start' | 'end'>,
  at: number,
): boolean {
  if (start === undefined || at < start - BEFORE_MS) return false;
  return at <= (end ?? start + MAX_OPEN_MS.in_progress) + AFTER_MS;
}

class Matching {
  readonly #input: MatchInput;
  readonly #matched = new Map<PipelineGroup, Matched>();
  readonly #taken = new Set<RuntimeStep>();
  readonly #index = new Map<RuntimeStep, number>();
  /** Steps whose revision had run before. */
  readonly #again = new Set<RuntimeStep>();
  readonly #around = new Map<RuntimeStep, PipelineGroup[]>();

  constructor(input: MatchInput) {
    this.#input = input;
    const seen = new Set<string>();
    input.steps.forEach((step, i) => {
      this.#index.set(step, i);
      step.sources.forEach(({ identity }) => seen.add(identity));
      if (seen.has(step.target.identity)) this.#again.add(step);
      seen.add(step.target.identity);
    });
    // Of each group only the steps within its time are looked at, of which there are few.
    const times = input.steps.map(step => step.fact.createdAt);
    for (const group of input.groups) {
      if (group.start === undefined) continue;
      const from = firstAtLeast(times, group.start - BEFORE_MS);
      for (let i = from; i < times.length; i++) {
        if (!isWithin(group, times[i])) break;
        const around = this.#around.get(input.steps[i]);
        if (around) around.push(group);
        else this.#around.set(input.steps[i], [group]);
      }
    }
  }

  run(): Map<PipelineGroup, Matched> {
    const { steps, groups } = this.#input;
    steps.forEach(step => this.#strong(step));
    const open = new Map<PipelineGroup, RuntimeStep[]>();
    for (const step of steps) {
      if (this.#taken.has(step)) continue;
      const group = this.#around.get(step)?.findLast(it => !this.#ownOf(it));
      if (group) open.set(group, [...(open.get(group) ?? []), step]);
    }
    for (const group of groups) {
      const found = open.get(group);
      if (found) this.#weak(group, found);
    }
    steps.forEach(step => this.#back(step));
    return this.#matched;
  }

  #ownOf(group: PipelineGroup): RuntimeStep | undefined {
    return this.#matched.get(group)?.own[0];
  }

  #take(group: PipelineGroup, part: keyof Matched, step: RuntimeStep) {
    const known = this.#matched.get(group) ?? { own: [], back: [] };
    known[part].push(step);
    this.#matched.set(group, known);
    this.#taken.add(step);
  }

  /** By what the runtime knows itself: who registered the task definition, or the commit. */
  #strong(step: RuntimeStep) {
    const { sha } = step.target.commit;
    const around = this.#around.get(step) ?? [];
    const registered = this.#registration(step.target);
    const group =
      around.findLast(item => registered?.(item) === true) ??
      (sha === undefined
        ? undefined
        : around.findLast(item => item.sha === sha));
    if (!group) return;
    const own = this.#ownOf(group);
    // The revision before may be of the same commit.
    const isBack =
      own !== undefined &&
      step.target.taskDefinition !== own.target.taskDefinition &&
      this.#returns(group, own, step);
    this.#take(group, isBack ? 'back' : 'own', step);
  }

  /** Roles that pipelines assume are named after run and attempt (`gha-<run>-<attempt>`). */
  #registration({ taskDefinition }: Target) {
    const by =
      taskDefinition &&
      this.#input.taskDefinitions.get(taskDefinition)?.registeredBy;
    const [, run, attempt] = /\/gha-(\d{1,20})-(\d{1,6})$/.exec(by || '') ?? [];
    if (!run) return undefined;
    return (group: PipelineGroup) =>
      group.run?.runKey.endsWith(`.${run}`) === true &&
      (group.attempt === undefined || `${group.attempt}` === attempt);
  }

  /** By time alone, where the commit is not known or the job is there to put something back. */
  #weak(group: PipelineGroup, steps: RuntimeStep[]) {
    const ranBefore = (step: RuntimeStep) => this.#again.has(step);
    const unknown = steps.filter(step => step.target.commit.sha === undefined);
    const fresh = only(
      unknown.filter(step => !ranBefore(step)),
      step => this.#isRegisteredBy(group, step),
    );
    if (fresh.length > 0) {
      fresh.forEach(step => this.#take(group, 'own', step));
      return;
    }
    const known = steps.filter(ranBefore);
    if (group.isRollback || (group.putBack && group.outcome === 'succeeded')) {
      known.forEach(step => this.#take(group, 'own', step));
      return;
    }
    if (steps.length !== 1 || known.length !== 1) return;
    const [step] = known;
    const redeploys =
      unknown.length === 1 &&
      step.sources.some(source => isSame(source, step.target));
    if (redeploys || group.outcome === 'succeeded') {
      this.#take(group, 'own', step);
    }
  }

  #isRegisteredBy(group: PipelineGroup, { target }: RuntimeStep): boolean {
    const definition =
      target.taskDefinition &&
      this.#input.taskDefinitions.get(target.taskDefinition);
    const at = definition ? definition.registeredAt : undefined;
    return at !== undefined && isWithin(group, at);
  }

  /** What went back to the revision before, while or right after the pipeline failed. */
  #back(step: RuntimeStep) {
    if (this.#taken.has(step)) return;
    const group = this.#around.get(step)?.findLast(item => {
      const own = this.#ownOf(item);
      return (
        own !== undefined &&
        (item.outcome !== 'succeeded' || item.putBack) &&
        this.#returns(item, own, step)
      );
    });
    if (group) this.#take(group, 'back', step);
  }

  #returns(group: PipelineGroup, own: RuntimeStep, step: RuntimeStep): boolean {
    const last = this.#matched.get(group)?.own.at(-1) ?? own;
    return (
      (this.#index.get(step) ?? 0) > (this.#index.get(last) ?? 0) &&
      returnsBefore(this.#input.steps, own, step)
    );
  }
}

/** Finds for every deployment of the runtime the one of the pipeline that made it; at most one. */
export function matchSteps(input: MatchInput): Map<PipelineGroup, Matched> {
  return new Matching(input).run();
}

/** True when a step brings what ran before another, earlier one. */
export function returnsBefore(
  steps: RuntimeStep[],
  own: RuntimeStep,
  step: RuntimeStep,
): boolean {
  const at = steps.indexOf(own);
  let before = at - 1;
  while (before >= 0 && steps[before].fact.status !== 'succeeded') before--;
  const last = before >= 0 ? steps[before].target : undefined;
  const base = [...own.sources, ...(last ? [last] : [])];
  return (
    step.target.revisionKey !== own.target.revisionKey &&
    base.some(
      target =>
        isSame(target, step.target) ||
        (target.taskDefinition !== undefined &&
          target.taskDefinition === step.target.taskDefinition),
    )
  );
}

/** Index of the first time that is not before another one; times ascend. */
function firstAtLeast(times: number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (times[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One kind of thing: all steps when they bring the same; otherwise those of a better sign, when these bring the same. */
function only(
  steps: RuntimeStep[],
  better: (step: RuntimeStep) => boolean,
): RuntimeStep[] {
  const alike = (list: RuntimeStep[]) =>
    new Set(list.map(step => step.target.identity)).size === 1;
  if (alike(steps)) return steps;
  const chosen = steps.filter(better);
  return alike(chosen) ? chosen : [];
}
