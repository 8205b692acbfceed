import { parseEntityRef } from '@backstage/catalog-model';
import type { RunsQuery } from 'backstage-plugin-delivery-common';
import type { DeliveryApi } from '../api/DeliveryApi';

/** What narrows the list of runs; everything but where to go on. */
export type RunFilters = Omit<RunsQuery, 'cursor' | 'limit'>;

function environmentKey(user: string | undefined, entityRef: string) {
  return ['delivery', user, 'environments', entityRef];
}

// The user is part of every key: an answer is never shown to anybody but the one who asked.
export const keys = {
  overview: (user: string | undefined, entityRef: string) => [
    'delivery',
    user,
    'overview',
    entityRef,
  ],
  runs: (user: string | undefined, entityRef: string, filters: RunFilters) => [
    'delivery',
    user,
    'runs',
    entityRef,
    filters,
  ],
  run: (user: string | undefined, id: string, attempt: number | undefined) => [
    'delivery',
    user,
    'run',
    id,
    attempt ?? 'newest',
  ],
  log: (user: string | undefined, run: string, job: string, done: boolean) => [
    'delivery',
    user,
    'log',
    run,
    job,
    done,
  ],
  operation: (user: string | undefined, id: string) => [
    'delivery',
    user,
    'operation',
    id,
  ],
  /** Begins the key of every list of approvals. */
  allApprovals: (user: string | undefined) => ['delivery', user, 'approvals'],
  approvals: (user: string | undefined, scope: string) => [
    'delivery',
    user,
    'approvals',
    scope,
  ],
  approval: (user: string | undefined, id: string) => [
    'delivery',
    user,
    'approval',
    id,
  ],
  myActs: (user: string | undefined, entityRef: string) => [
    'delivery',
    user,
    'acts',
    entityRef,
  ],
  conformance: (user: string | undefined, entityRef: string) => [
    'delivery',
    user,
    'conformance',
    entityRef,
  ],
  /** Begins the key of everything that is asked about the environments of a service. */
  allEnvironments: environmentKey,
  environments: (user: string | undefined, entityRef: string) => [
    ...environmentKey(user, entityRef),
    'list',
  ],
  environment: (
    user: string | undefined,
    entityRef: string,
    environment: string,
  ) => [...environmentKey(user, entityRef), 'one', environment],
  history: (
    user: string | undefined,
    entityRef: string,
    environment: string,
  ) => [...environmentKey(user, entityRef), 'history', environment],
  compare: (
    user: string | undefined,
    entityRef: string,
    from: string,
    to: string,
  ) => [...environmentKey(user, entityRef), 'compare', from, to],
};

/** Path parameters of an entity. */
export function entityParams(entityRef: string) {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return { kind, namespace, name };
}

/** The one question whose answer fills the tab. */
export function overviewQuery(
  api: DeliveryApi,
  user: string | undefined,
  entityRef: string,
) {
  return {
    queryKey: keys.overview(user, entityRef),
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      api.client.overview({ params: entityParams(entityRef), signal }),
  };
}
