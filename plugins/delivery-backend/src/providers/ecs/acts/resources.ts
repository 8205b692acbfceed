import type { RuntimeRef } from 'backstage-plugin-delivery-common';
import { VendorRefusal } from 'backstage-plugin-delivery-node';
import { isAccount, isName, isRegion, parseArn } from '../places';

export type EcsWrite =
  | 'UpdateService'
  | 'StopServiceDeployment'
  | 'ContinueServiceDeployment';

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function invalid(message: string, params: Record<string, string> = {}) {
  return new VendorRefusal('invalid', message, params);
}

/** ARN of a role. */
export function roleArn(
  { accountId, region }: RuntimeRef,
  roleName: string,
): string {
  return `arn:${partitionOf(region)}:iam::${accountId}:role/${roleName}`;
}

/** ARN of a service, as IAM knows it: with its cluster, whatever the account's own format is. */
export function serviceArn(service: RuntimeRef): string {
  const { accountId, region, cluster, service: name } = service;
  const sane =
    isAccount(accountId) && isRegion(region) && isName(cluster) && isName(name);
  if (!sane) {
    throw invalid(
      'This is no service of Amazon ECS that the portal can address; correct the environment in app-config.',
    );
  }
  return `arn:${partitionOf(
    region,
  )}:ecs:${region}:${accountId}:service/${cluster}/${name}`;
}

/** Gives the key back when it is the ARN of a deployment of exactly that service: it becomes the resource of a policy. */
export function deploymentArn(service: RuntimeRef, key: string): string {
  const prefix = serviceArn(service).replace(
    /:service\//,
    ':service-deployment/',
  );
  const id = key.startsWith(`${prefix}/`) ? key.slice(prefix.length + 1) : '';
  if (!/^[\w-]{1,128}$/.test(id)) {
    throw invalid(
      `This is no deployment of the service ${service.service}; look at the environment again.`,
    );
  }
  return key;
}

/** Gives the ARN back when it is one revision of a task definition of the same place; a family alone would mean its newest revision. */
export function taskDefinitionArn(service: RuntimeRef, arn: string): string {
  const parts = parseArn(arn);
  const sane =
    parts?.service === 'ecs' &&
    parts.partition === partitionOf(service.region) &&
    parts.region === service.region &&
    parts.accountId === service.accountId &&
    /^task-definition\/[\w-]{1,255}:\d{1,10}$/.test(parts.resource);
  if (!sane) {
    throw invalid(
      `This is no revision of a task definition of account ${service.accountId}, ${service.region}; choose another deployment.`,
    );
  }
  return arn;
}

/** Everything a session may do: one action on one thing. */
export function policyFor(action: EcsWrite, resource: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: `ecs:${action}`, Resource: resource },
    ],
  });
}
