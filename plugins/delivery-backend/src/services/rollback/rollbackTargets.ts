import type {
  LogicalDeployment,
  RuntimeDeploymentFact,
  RuntimeRevisionFact,
} from 'backstage-plugin-delivery-common';
import type { RuntimeState } from 'backstage-plugin-delivery-common/domain';
import type { RollbackTarget, TargetInput } from './RollbackFacts';

/** As many as a person can choose from. */
const MAX_TARGETS = 20;

/** What ran healthy there and is not what runs now, each version once, newest first. */
export function targetsOf(input: TargetInput): RollbackTarget[] {
  const { history, state, running } = input;
  const healthy = history.filter(item => item.ranHealthy);
  const seen = new Set<string>();
  const isNew = (target: RollbackTarget) => {
    const keys = [target.taskDefinition, target.commit.sha].filter(
      key => key !== undefined,
    );
    const isKnown = keys.length === 0 || keys.some(key => seen.has(key));
    keys.forEach(key => seen.add(key));
    return !isKnown;
  };
  if (running?.taskDefinition) seen.add(running.taskDefinition);
  if (running?.commit.sha) seen.add(running.commit.sha);
  return healthy
    .map((item, index) => targetOf(item, healthy.at(index - 1), index, state))
    .filter(isNew)
    .slice(0, MAX_TARGETS);
}

/** The one that a deployment under way came from: ECS itself goes back to it, whatever is chosen. */
export function sourceTarget(
  input: TargetInput,
  moving: RuntimeDeploymentFact | undefined,
  revision: RuntimeRevisionFact | undefined,
): RollbackTarget[] {
  const { history, state } = input;
  const healthy = history.filter(item => item.ranHealthy);
  const arn = revision?.taskDefinition;
  const known = healthy
    .map((item, index) => targetOf(item, healthy.at(index - 1), index, state))
    .find(target => arn !== undefined && target.taskDefinition === arn);
  if (known) return [known];
  const [part] = moving?.sources ?? [];
  if (!part) return [];
  return [
    {
      id: part.revisionKey,
      commit: { source: 'none', confidence: 'none' },
      taskDefinition: arn,
      images: imagesOf(revision),
      startedAt: revision?.createdAt ?? moving?.createdAt ?? 0,
      approvedBy: [],
    },
  ];
}

function targetOf(
  item: LogicalDeployment,
  next: LogicalDeployment | undefined,
  index: number,
  state: RuntimeState | undefined,
): RollbackTarget {
  const revision = revisionOf(item, state);
  const told = item.commit.image;
  const images = imagesOf(revision);
  return {
    id: item.id,
    commit: item.commit,
    taskDefinition: revision?.taskDefinition,
    images:
      images.length > 0 || !told
        ? images
        : [{ repository: repositoryOf(told.uri), digest: told.digest }],
    startedAt: item.startedAt,
    ranMs:
      index > 0 && next ? Math.max(0, tookAt(next) - tookAt(item)) : undefined,
    by: item.by,
    approvedBy: item.approvedBy,
  };
}

function tookAt({ endedAt, startedAt }: LogicalDeployment): number {
  return endedAt ?? startedAt;
}

/** The revision that the deployment of the runtime brought; of several the last one that succeeded. */
function revisionOf(
  { evidence }: LogicalDeployment,
  state: RuntimeState | undefined,
): RuntimeRevisionFact | undefined {
  if (!state) return undefined;
  const brought = evidence
    .filter(({ source }) => source === 'runtime_deployment')
    .flatMap(
      ({ id }) =>
        state.deployments.find(
          fact => fact.deploymentKey === id && fact.status === 'succeeded',
        ) ?? [],
    )
    .at(-1);
  const key = brought?.target?.revisionKey;
  return key === undefined ? undefined : state.revisions.get(key);
}

function imagesOf(
  revision: RuntimeRevisionFact | undefined,
): RollbackTarget['images'] {
  return (revision?.images ?? []).map(({ image, digest }) => ({
    repository: repositoryOf(image),
    digest: digest ?? image.split('@').at(1),
  }));
}

/** Registry and name of an image, without tag and digest. */
export function repositoryOf(uri: string): string {
  const [name] = uri.slice(0, 1_000).split('@');
  const colon = name.lastIndexOf(':');
  // A colon before the last slash is the port of the registry.
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}
