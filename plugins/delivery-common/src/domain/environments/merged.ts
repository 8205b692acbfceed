import type { LogicalDeployment } from '../../contract';
import { compareText } from '../canonical';
import type { DigestRecords, EnvironmentFacts } from './facts';
import { type Matched, matchSteps, returnsBefore } from './matchSteps';
import { groupPipeline, type PipelineGroup } from './pipelineGroups';
import {
  Revisions,
  type RuntimeStep,
  stepsOf,
  type Target,
} from './RuntimeSteps';

/** One logical deployment with what it was made of. */
export interface Merged {
  deployment: LogicalDeployment;
  group?: PipelineGroup;
  matched: Matched;
  /** What it brought; absent when only the pipeline speaks of it. */
  target?: Target;
  identity: string;
  /** True: it became what the environment ran, whatever the pipeline said afterwards. */
  took: boolean;
  /** When the environment began to run it. */
  tookAt: number;
}

/** Facts of an environment, put together but not yet told. */
export interface Parts {
  groups: PipelineGroup[];
  matched: Map<PipelineGroup, Matched>;
  /** Oldest first, resolved with our own records. */
  steps: RuntimeStep[];
  /** Those no pipeline made. */
  alone: RuntimeStep[];
  records: DigestRecords;
  /** Absent without a runtime. */
  revisions?: Revisions;
}

/** Matches what pipeline and runtime told. */
export function partsOf(facts: EnvironmentFacts, now: number): Parts {
  const { runtime } = facts.place;
  const groups = groupPipeline(facts.pipeline, now);
  if (!runtime) {
    return {
      ...{ groups, matched: new Map(), steps: [], alone: [] },
      records: new Map(),
    };
  }
  const { commits } = facts;
  // What was learnt of digests must not decide who made what it was learnt from.
  const plainly = stepsOf(
    runtime.deployments,
    new Revisions({ runtime, commits, records: new Map() }),
  );
  const found = matchSteps({
    ...{ groups, steps: plainly },
    taskDefinitions: runtime.taskDefinitions,
  });
  const records = learn(found, plainly);
  const revisions = new Revisions({ runtime, commits, records });
  const steps = stepsOf(runtime.deployments, revisions);
  const byKey = new Map(steps.map(step => [step.fact.deploymentKey, step]));
  const again = (list: RuntimeStep[]) =>
    list.flatMap(step => byKey.get(step.fact.deploymentKey) ?? []);
  const matched = new Map(
    [...found].map(([group, { own, back }]) => [
      group,
      { own: again(own), back: again(back) },
    ]),
  );
  const taken = new Set(
    [...matched.values()].flatMap(({ own, back }) => [...own, ...back]),
  );
  return {
    ...{ groups, matched, steps, records, revisions },
    alone: steps.filter(step => !taken.has(step)),
  };
}

/** A digest is a commit's when the pipeline of that commit brought it first. */
function learn(
  found: Map<PipelineGroup, Matched>,
  steps: RuntimeStep[],
): DigestRecords {
  const firsts = new Map<string, RuntimeStep>();
  for (const step of steps) {
    const { digest } = step.target;
    if (digest && !firsts.has(digest)) firsts.set(digest, step);
  }
  const before = new Set(
    steps.flatMap(step =>
      step.sources.flatMap(({ digest }) =>
        digest && startsLater(firsts.get(digest), step) ? [digest] : [],
      ),
    ),
  );
  const records: DigestRecords = new Map();
  for (const [group, { own }] of found) {
    for (const step of own) {
      const { digest, commit } = step.target;
      if (!digest || !/^[0-9a-f]{40}$/.test(group.sha)) continue;
      const isFirst = firsts.get(digest) === step && !before.has(digest);
      const fits =
        commit.sha === undefined ? isFirst : commit.sha === group.sha;
      if (fits) records.set(digest, group.sha);
    }
  }
  return records;
}

function startsLater(first: RuntimeStep | undefined, step: RuntimeStep) {
  return first !== undefined && first.fact.createdAt >= step.fact.createdAt;
}

/** The step right after what a deployment brought, when it brings the revision before back. */
export function comesBack(steps: RuntimeStep[], own: RuntimeStep[]): boolean {
  const last = own.at(-1);
  if (!last) return false;
  const next = steps.at(steps.indexOf(last) + 1);
  return (
    next !== undefined &&
    next !== steps[0] &&
    next.fact.status === 'succeeded' &&
    returnsBefore(steps, own[0], next)
  );
}

/** Oldest first; equal times are in the order of their ids. */
export function byTime(a: Merged, b: Merged): number {
  return (
    a.deployment.startedAt - b.deployment.startedAt ||
    compareText(a.deployment.id, b.deployment.id)
  );
}
