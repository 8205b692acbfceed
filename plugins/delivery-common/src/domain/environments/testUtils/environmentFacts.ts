import { toState } from '../../vendorWords';
import type {
  RuntimeDeploymentFact,
  RuntimeRevisionFact,
  RuntimeServiceFact,
  RuntimeTask,
  TaskDefinitionFact,
} from '../../../runtime';
import type {
  EnvironmentFacts,
  PipelineDeployment,
  RuntimeState,
} from '../facts';

/** A full SHA of one letter. */
export const sha = (letter: string) => letter.repeat(40);
export const NOW = 100_000_000;
export const REPOSITORY =
  '111122223333.dkr.ecr.eu-west-1.amazonaws.com/acme/api';
const ARN = 'arn:aws:ecs:eu-west-1:111122223333';
export const revisionKey = (n: number) => `${ARN}:service-revision/c/api/${n}`;
export const taskDefinitionOf = (n: number) =>
  `${ARN}:task-definition/api:${n}`;
export const deploymentKey = (n: number | string) =>
  `${ARN}:service-deployment/c/api/d${n}`;
export const digestOf = (n: number) => `sha256:${`${n}`.repeat(8)}`;
const RUNTIME_KEY = 'ecs/111122223333/eu-west-1/c/api';

/** What revision `n` is made of. */
export function revision(
  n: number,
  tag: string | undefined,
  part: Partial<RuntimeRevisionFact> = {},
): RuntimeRevisionFact {
  return {
    ...{ kind: 'runtimeRevision', runtimeKey: RUNTIME_KEY },
    ...{ revisionKey: revisionKey(n), taskDefinition: taskDefinitionOf(n) },
    images: [
      {
        container: 'api',
        image: tag === undefined ? REPOSITORY : `${REPOSITORY}:${tag}`,
        digest: digestOf(n),
      },
    ],
    targetGroups: [],
    ...part,
  };
}

export function taskDefinition(
  n: number,
  tag: string | undefined,
  part: Partial<TaskDefinitionFact> = {},
): TaskDefinitionFact {
  return {
    ...{ kind: 'taskDefinition', taskDefinition: taskDefinitionOf(n) },
    status: 'active',
    containers: [
      {
        ...{ name: 'api', essential: true, healthCheck: true, labels: {} },
        image: tag === undefined ? REPOSITORY : `${REPOSITORY}:${tag}`,
      },
    ],
    ...part,
  };
}

const revisionPart = (n: number) => ({
  ...{ revisionKey: revisionKey(n), requested: 3, running: 3, pending: 0 },
});

/** A deployment of the runtime from revision `from` to revision `to`. */
export function runtimeDeployment(
  id: number | string,
  options: { from?: number; to: number; at: number; minutes?: number },
  part: Partial<RuntimeDeploymentFact> = {},
): RuntimeDeploymentFact {
  const { from, to, at, minutes = 2 } = options;
  return {
    ...{ kind: 'runtimeDeployment', runtimeKey: RUNTIME_KEY },
    ...{ deploymentKey: deploymentKey(id), createdAt: at, startedAt: at },
    ...{ status: 'succeeded', rawStatus: 'SUCCESSFUL' },
    finishedAt: at + minutes * 60_000,
    target: revisionPart(to),
    sources: from === undefined ? [] : [revisionPart(from)],
    hooks: [],
    ...part,
  };
}

export const moving: Pick<
  RuntimeDeploymentFact,
  'status' | 'rawStatus' | 'finishedAt'
> = { status: 'in_progress', rawStatus: 'IN_PROGRESS', finishedAt: undefined };

export function service(
  part: Partial<RuntimeServiceFact> = {},
): RuntimeServiceFact {
  return {
    ...{ kind: 'runtimeService', runtimeKey: RUNTIME_KEY },
    arn: `${ARN}:service/c/api`,
    ...{ status: 'active', rawStatus: 'ACTIVE', controller: 'ecs' },
    ...{ strategy: 'rolling', desired: 3, running: 3, pending: 0 },
    ...{ revisions: [], deployments: [], targetGroups: [], alarmNames: [] },
    ...{ tags: {}, events: [] },
    ...part,
  };
}

export function task(id: string, part: Partial<RuntimeTask> = {}): RuntimeTask {
  return {
    ...{ id, health: 'healthy', lastStatus: 'RUNNING' },
    ...{ desiredStatus: 'RUNNING', taskDefinition: taskDefinitionOf(1) },
    containers: [{ name: 'api', health: 'healthy' }],
    ...part,
  };
}

export function runtime(part: Partial<RuntimeState> = {}): RuntimeState {
  return {
    ref: {
      ...{ provider: 'ecs', accountId: '111122223333', region: 'eu-west-1' },
      ...{ cluster: 'c', service: 'api' },
    },
    ...{ observedAt: NOW, deployments: [], alarms: [] },
    ...{ revisions: new Map(), taskDefinitions: new Map() },
    ...{ images: new Map(), shortShas: new Map() },
    ...part,
  };
}

/** A runtime that went through these deployments; `tags` are those of the images of its revisions, from 1. */
export function runtimeOf(
  deployments: RuntimeDeploymentFact[],
  tags: (string | undefined)[],
  part: Partial<RuntimeServiceFact> = {},
): RuntimeState {
  const newest = [...deployments].sort((a, b) => b.createdAt - a.createdAt);
  const number = Number(newest[0]?.target?.revisionKey.split('/').at(-1) ?? 1);
  const current = newest[0]?.status === 'rolled_back' ? number - 1 : number;
  return runtime({
    service: service({
      currentDeployment: newest[0]?.deploymentKey,
      taskDefinition: taskDefinitionOf(current),
      ...part,
    }),
    deployments: newest,
    revisions: new Map(
      tags.map((tag, i) => [revisionKey(i + 1), revision(i + 1, tag)]),
    ),
    taskDefinitions: new Map(
      tags.map((tag, i) => [
        taskDefinitionOf(i + 1),
        taskDefinition(i + 1, tag),
      ]),
    ),
  });
}

type Ending = 'success' | 'failure' | 'cancelled' | 'in_progress' | 'waiting';

/** A deployment of the pipeline that works from `at` for some minutes; its run has the same number. */
export function pipelineDeployment(
  n: number,
  options: {
    letter: string;
    at: number;
    ending?: Ending;
    minutes?: number;
    run?: number;
    attempt?: number;
    job?: string;
    /** Conclusion of the step "Roll back". */
    rollBack?: string;
  },
  part: Partial<PipelineDeployment> = {},
): PipelineDeployment {
  const { letter, at, ending = 'success', minutes = 5 } = options;
  const { run = n, attempt = 1, job = 'Deploy', rollBack } = options;
  const end = at + minutes * 60_000;
  const isOpen = ending === 'in_progress' || ending === 'waiting';
  const state = isOpen
    ? toState(ending, undefined)
    : toState('completed', ending);
  const word = ending === 'cancelled' ? 'failure' : ending;
  const status = (i: number, name: string, createdAt: number) => ({
    ...{ statusKey: `gh.${n}${i}`, state: name, createdAt },
  });
  return {
    ...{ deploymentKey: `gh.${n}`, sha: sha(letter), ref: 'main' },
    createdAt: at - 60_000,
    statuses:
      ending === 'waiting'
        ? [status(0, 'waiting', at - 60_000)]
        : [
            status(0, 'in_progress', at),
            ...(isOpen ? [] : [status(1, word, end)]),
          ],
    run: {
      ...{ runKey: `gh.9${run}`, runNumber: run, title: 'Fix rounding' },
      url: `https://github.com/acme/api/actions/runs/9${run}`,
      ...{ actor: 'dana', attempt, state, waitingFor: [] },
    },
    jobs: [
      {
        ...{ jobKey: `gh.8${n}`, name: job, attempt, state },
        startedAt: ending === 'waiting' ? undefined : at,
        completedAt: isOpen ? undefined : end,
        steps:
          rollBack === undefined
            ? []
            : [{ name: 'Roll back', state: toState('completed', rollBack) }],
      },
    ],
    ...part,
  };
}

export function facts(
  pipeline: PipelineDeployment[],
  state?: RuntimeState,
  part: Partial<EnvironmentFacts> = {},
): EnvironmentFacts {
  return {
    place: { name: 'production', tier: 'production', runtime: state },
    pipeline,
    commits: new Map(),
    ...part,
  };
}
