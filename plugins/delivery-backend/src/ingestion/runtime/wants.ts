import type {
  RuntimeDeploymentFact,
  RuntimeRevisionFact,
  RuntimeServiceFact,
  TaskDefinitionFact,
} from 'backstage-plugin-delivery-common';
import {
  resolveCommit,
  type RuntimeState,
} from 'backstage-plugin-delivery-common/domain';

/** All that is known of a service, stored or just read. */
export interface Known {
  service?: RuntimeServiceFact;
  /** Newest first. */
  deployments: RuntimeDeploymentFact[];
  revisions: Map<string, RuntimeRevisionFact>;
  taskDefinitions: Map<string, TaskDefinitionFact>;
}

/** Stored facts and those just read as one. */
export function knownOf(
  state: RuntimeState | undefined,
  service: RuntimeServiceFact | undefined,
): Known {
  return {
    service: service ?? state?.service,
    deployments: state?.deployments ?? [],
    revisions: new Map(state?.revisions),
    taskDefinitions: new Map(state?.taskDefinitions),
  };
}

/** Changes when something deeper may have changed; a service whose text is the same needs no further call. */
export function signatureOf(service: RuntimeServiceFact): string {
  const { status, currentDeployment, taskDefinition, revisions } = service;
  const { desired, running, pending, deployments } = service;
  return JSON.stringify([
    [status, currentDeployment, taskDefinition, desired, running, pending],
    revisions,
    deployments.map(item => [
      ...[item.id, item.role, item.rollout, item.failedTasks],
      ...[item.desired, item.running, item.pending],
    ]),
  ]);
}

/** Keys of the revisions that a service is or was made of, what runs now first. */
export function revisionsOf({ service, deployments }: Known): string[] {
  const ofDeployment = (item: RuntimeDeploymentFact) => [
    ...[item.target, ...item.sources].flatMap(part => part?.revisionKey ?? []),
    ...(item.rollback?.revisionKey ? [item.rollback.revisionKey] : []),
  ];
  return [
    ...new Set([
      ...(service?.revisions ?? []).map(part => part.revisionKey),
      ...deployments.flatMap(ofDeployment),
    ]),
  ];
}

/** ARNs of the task definitions a service names, what runs now first. */
export function taskDefinitionsOf(known: Known): string[] {
  const { service, revisions } = known;
  const ofRevisions = revisionsOf(known).map(
    key => revisions.get(key)?.taskDefinition,
  );
  return [
    ...new Set(
      [
        service?.taskDefinition,
        ...(service?.deployments ?? []).map(item => item.taskDefinition),
        ...ofRevisions,
      ].filter(arn => arn !== undefined),
    ),
  ];
}

/** Images of which neither label nor tag tells the commit: their registry may. */
export function imagesOf(
  known: Known,
): { repository: string; digest: string }[] {
  return revisionsOf(known).flatMap(key => {
    const revision = known.revisions.get(key);
    if (!revision) return [];
    const taskDefinition =
      revision.taskDefinition === undefined
        ? undefined
        : known.taskDefinitions.get(revision.taskDefinition);
    const { sha, image } = resolveCommit({
      revision,
      taskDefinition,
      images: new Map(),
      records: new Map(),
      shortShas: new Map(),
      commits: new Map(),
    });
    // Of the container whose commit counts; a sidecar's image tells nothing.
    return sha === undefined && image?.digest
      ? [{ repository: repositoryOf(image.uri), digest: image.digest }]
      : [];
  });
}

/** `registry:5000/name:tag@sha256:…` → `registry:5000/name` */
export function repositoryOf(image: string): string {
  const [name] = image.split('@');
  return name.replace(/:[^/:]*$/, '');
}
