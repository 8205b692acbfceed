import { AwsError } from '../cloud';
import type { AwsPlace, TaskDefinitionRecord } from '../records';
import { taskDefinitionArn } from './arns';
import type { Estate } from './Estate';

/** What `RegisterTaskDefinition` is asked to register. */
export type NewDefinition = Pick<
  TaskDefinitionRecord,
  'family' | 'containers'
> &
  Partial<Pick<TaskDefinitionRecord, 'cpu' | 'memory' | 'tags'>>;

/** @throws AwsError `ClientException` as AWS words it */
export function registerDefinition(
  estate: Estate,
  place: AwsPlace,
  definition: NewDefinition,
  by: { principal: string; at: number },
): TaskDefinitionRecord {
  const { family, containers } = definition;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(family)) {
    throw new AwsError(
      'ClientException',
      'Family contains invalid characters. It can have up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens.',
    );
  }
  if (containers.length === 0) {
    throw new AwsError('ClientException', 'Container list cannot be empty.');
  }
  if (containers.some(({ image }) => image === '')) {
    throw new AwsError(
      'ClientException',
      'Container.image should not be null or empty.',
    );
  }
  const record: TaskDefinitionRecord = {
    accountId: place.accountId,
    region: place.region,
    family,
    revision: estate.newestRevision(place, family) + 1,
    status: 'ACTIVE',
    registeredAt: by.at,
    registeredBy: by.principal,
    cpu: definition.cpu ?? '256',
    memory: definition.memory ?? '512',
    // Records are plain JSON of their own: what the caller does with its object later must not reach them.
    containers: structuredClone(containers),
    tags: { ...definition.tags },
  };
  estate.definitions.add(record);
  return record;
}

/**
 * A definition by ARN, by `family:revision`, or the newest ACTIVE one of a family.
 * @throws AwsError `ClientException`: Unable to describe task definition.
 */
export function findDefinition(
  estate: Estate,
  place: AwsPlace,
  reference: string,
): TaskDefinitionRecord {
  const short = reference.startsWith('arn:')
    ? reference.slice(reference.lastIndexOf('/') + 1)
    : reference;
  const [family, revision] = short.split(':');
  const at = (number: number) =>
    estate.definitions.get(
      taskDefinitionArn({ ...place, family, revision: number }),
    );
  const newest = estate.newestRevision(place, family);
  let found: TaskDefinitionRecord | undefined;
  if (reference.startsWith('arn:')) {
    found = estate.definitions.get(reference);
    if (found?.accountId !== place.accountId) found = undefined;
  } else if (revision !== undefined) {
    found = at(Number(revision));
  } else {
    for (let number = newest; number > 0 && !found; number -= 1) {
      const one = at(number);
      if (one?.status === 'ACTIVE') found = one;
    }
  }
  if (!found) {
    throw new AwsError(
      'ClientException',
      'Unable to describe task definition.',
    );
  }
  return found;
}

/** @throws AwsError `ClientException` when there is none, or it is INACTIVE */
export function usableDefinition(
  estate: Estate,
  place: AwsPlace,
  reference: string,
): TaskDefinitionRecord {
  const found = findDefinition(estate, place, reference);
  if (found.status !== 'ACTIVE') {
    throw new AwsError('ClientException', 'TaskDefinition is inactive');
  }
  return found;
}
