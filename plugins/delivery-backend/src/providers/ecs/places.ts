import { NotFoundError } from '@backstage/errors';
import {
  runtimeKeyOf,
  type ClusterScope,
  type RuntimeRef,
  type RuntimeScope,
} from 'backstage-plugin-delivery-common';
import { detailed } from './errors';

/** First part of every key of this provider. */
export const PROVIDER_ID = 'ecs';

const REGION = /^[a-z]{2}(-[a-z]+){1,3}-\d{1,2}$/;
const ACCOUNT = /^\d{12}$/;
/** Names of clusters and services, as ECS allows them. */
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

export function isAccount(text: string): boolean {
  return ACCOUNT.test(text);
}

export function isRegion(text: string): boolean {
  return REGION.test(text);
}

export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Region and account become parts of addresses and roles, so nothing that only looks like one gets that far. */
export function assertScope({ accountId, region }: RuntimeScope): void {
  const params = { accountId, region };
  if (!isRegion(region)) {
    throw detailed(
      new NotFoundError(
        `"${region}" is no region of AWS: correct the environment in app-config (for example eu-west-1).`,
      ),
      { code: 'wrong_region', params },
    );
  }
  if (!isAccount(accountId)) {
    throw detailed(
      new NotFoundError(
        `"${accountId}" is no AWS account: an account id has twelve digits. Correct the environment in app-config.`,
      ),
      { code: 'credentials_missing', params },
    );
  }
}

/** The parts of an ARN; undefined for any other text. */
export function parseArn(arn: string) {
  const [head, partition, service, region, accountId, ...rest] = arn.split(':');
  if (head !== 'arn' || !service || rest.length === 0) return undefined;
  return { partition, service, region, accountId, resource: rest.join(':') };
}

/** `arn:…:service/cluster/name`, or the older `arn:…:service/name`, whose cluster only another field can tell. */
export function parseServiceArn(
  arn: string,
): (RuntimeScope & { cluster?: string; service: string }) | undefined {
  const parts = parseArn(arn);
  if (parts?.service !== 'ecs') return undefined;
  const [kind, ...names] = parts.resource.split('/');
  const valid =
    kind === 'service' &&
    (names.length === 1 || names.length === 2) &&
    names.every(isName) &&
    isAccount(parts.accountId) &&
    isRegion(parts.region);
  if (!valid) return undefined;
  return {
    accountId: parts.accountId,
    region: parts.region,
    cluster: names.length === 2 ? names[0] : undefined,
    service: names[names.length - 1],
  };
}

/** Name of a cluster by its ARN. */
export function clusterOfArn(arn: string | undefined): string | undefined {
  const parts = arn === undefined ? undefined : parseArn(arn);
  if (parts?.service !== 'ecs') return undefined;
  const [kind, cluster, ...more] = parts.resource.split('/');
  return kind === 'cluster' && more.length === 0 && isName(cluster ?? '')
    ? cluster
    : undefined;
}

/** Last part of an ARN: the id of a task, the name of a service. */
export function lastPart(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
}

export function serviceRef(cluster: ClusterScope, service: string): RuntimeRef {
  const { accountId, region } = cluster;
  return {
    provider: PROVIDER_ID,
    accountId,
    region,
    cluster: cluster.cluster,
    service,
  };
}

/** Key of a service that AWS names by ARN; undefined when it is not of the place that was asked. */
export function runtimeKeyOfArn(
  scope: RuntimeScope,
  serviceArn: string,
  clusterArn?: string,
): string | undefined {
  const found = parseServiceArn(serviceArn);
  const cluster = found?.cluster ?? clusterOfArn(clusterArn);
  if (!found || !cluster) return undefined;
  if (found.accountId !== scope.accountId || found.region !== scope.region) {
    return undefined;
  }
  return runtimeKeyOf(serviceRef({ ...scope, cluster }, found.service));
}

/** Address of a service in the console of its partition. */
export function consoleUrl(service: RuntimeRef): string {
  const { region } = service;
  const [cluster, name] = [service.cluster, service.service].map(
    encodeURIComponent,
  );
  const path = `/ecs/v2/clusters/${cluster}/services/${name}/health`;
  if (!isRegion(region)) return `https://console.aws.amazon.com${path}`;
  let host = `${region}.console.aws.amazon.com`;
  if (region.startsWith('cn-')) host = `${region}.console.amazonaws.cn`;
  if (region.startsWith('us-gov-')) {
    host = `${region}.console.amazonaws-us-gov.com`;
  }
  return `https://${host}${path}?region=${region}`;
}
