import type { Drift, Environment } from '../../contract';
import type { Current } from './current';
import { isGone } from './current';
import type { RuntimeState } from './facts';
import { mainContainer } from './images';
import { currentFact, isMovingService } from './isMovingService';
import type { Merged } from './merged';
import { principalOf } from './principal';
import { isRunning } from './tasks';
import { counted, lastPart, plain, shortSha } from './vendorText';

/** Tasks of two revisions are normal for so long after a rollout. */
const SETTLE_MS = 5 * 60_000;
const MAX_STACKS = 10;

/** What differs from what should be, apart from being behind. */
export function driftOf(input: {
  runtime: RuntimeState;
  current: Current;
  /** Newest first. */
  merged: Merged[];
  now: number;
}): Drift[] {
  const { service, deployments } = input.runtime;
  const steady =
    service && !isGone(service) && !isMovingService(service, deployments);
  return [
    ...(steady ? outOfBand(input) : []),
    ...(steady ? mixedTasks(input) : []),
    ...infrastructure(input.runtime),
  ];
}

/** "3 commits behind staging", as drift. */
export function versionLagOf({ behind }: Environment): Drift | undefined {
  if (!behind) return undefined;
  const { commits, environment, oldestAt } = behind;
  const count =
    commits === undefined ? 'Behind' : `${counted(commits, 'commit')} behind`;
  return {
    kind: 'version_lag',
    code: 'behind',
    message: `${count} ${plain(environment, 80)}.`,
    since: oldestAt,
  };
}

function outOfBand({
  runtime,
  current: { target, step, merged: brought },
  merged,
}: Parameters<typeof driftOf>[0]): Drift[] {
  const said = merged.find(item => item.group?.outcome === 'succeeded');
  if (!target || !said?.group) return [];
  // What the pipeline just did may not have been read yet.
  if ((runtime.observedAt ?? 0) < (said.group.end ?? 0)) return [];
  const ours = brought?.group !== undefined;
  const isNewer = ours && brought !== said && brought.tookAt > said.tookAt;
  if (brought === said || isNewer) return [];
  const running = target.commit.sha;
  const expected =
    said.target?.commit.sha ?? (said.target ? undefined : said.group.sha);
  const same =
    running !== undefined && expected !== undefined
      ? running === expected
      : said.identity === target.identity;
  if (same && (ours || target.taskDefinition === said.target?.taskDefinition)) {
    return [];
  }
  // Without a commit on either side, only a deployment nobody of ours made says that something differs.
  if (!same && running === undefined && (ours || !step)) return [];
  const definition =
    target.taskDefinition && runtime.taskDefinitions.get(target.taskDefinition);
  const by = definition ? principalOf(definition.registeredBy) : undefined;
  const names = same
    ? [nameOf(target.taskDefinition), nameOf(said.target?.taskDefinition)]
    : [
        running ? shortSha(running) : 'an unknown commit',
        expected ? shortSha(expected) : nameOf(said.target?.taskDefinition),
      ];
  return [
    {
      kind: 'out_of_band',
      code: 'running_other',
      message: `Running ${names[0]}, pipeline says ${names[1]}.`,
      since: step?.fact.finishedAt ?? step?.fact.createdAt,
      ...{ by, running, expected },
    },
  ];
}

function nameOf(taskDefinition: string | undefined): string {
  return taskDefinition ? lastPart(taskDefinition) : 'another revision';
}

function mixedTasks({
  runtime,
  current,
}: Parameters<typeof driftOf>[0]): Drift[] {
  const { service, tasks, deployments, revisions } = runtime;
  const wanted = service?.taskDefinition;
  if (!service || !wanted || !tasks) return [];
  const last = currentFact(service, deployments);
  const primary = service.deployments.find(item => item.role === 'primary');
  const since =
    last?.finishedAt ??
    last?.stoppedAt ??
    primary?.updatedAt ??
    primary?.createdAt;
  if (since === undefined || tasks.at - since < SETTLE_MS) return [];
  const key = current.target?.revisionKey;
  const revision = key === undefined ? undefined : revisions.get(key);
  const main =
    revision?.taskDefinition === wanted
      ? mainContainer({ revision })
      : undefined;
  const serving = tasks.tasks.filter(isRunning);
  const others = serving.filter(task => {
    if (task.taskDefinition !== undefined && task.taskDefinition !== wanted) {
      return true;
    }
    const digest = task.containers.find(it => it.name === main?.name)?.digest;
    return (
      main?.digest !== undefined &&
      digest !== undefined &&
      digest !== main.digest
    );
  });
  if (others.length === 0) return [];
  const found = others[0].taskDefinition;
  const what =
    found !== undefined && found !== wanted
      ? `${lastPart(found)} instead of ${lastPart(wanted)}`
      : `another image than ${lastPart(wanted)} should have`;
  return [
    {
      kind: 'mixed_tasks',
      code: 'mixed_tasks',
      message: `${others.length} of ${counted(serving.length, 'task')} ${
        others.length === 1 ? 'runs' : 'run'
      } ${what}, and nothing is being rolled out.`,
      since,
    },
  ];
}

function infrastructure({ stacks = [] }: RuntimeState): Drift[] {
  return stacks
    .filter(({ status }) => status.toLowerCase() === 'drifted')
    .slice(0, MAX_STACKS)
    .map(({ stack, driftedResources, checkedAt }) => ({
      kind: 'infrastructure',
      code: 'stack_drifted',
      message: `The stack ${plain(stack, 128)} differs from its template${
        driftedResources === undefined
          ? ''
          : ` in ${counted(driftedResources, 'resource')}`
      }. Bring template and stack together again.`,
      since: checkedAt,
    }));
}
