import type { JsonObject } from '@backstage/types';

const region = 'eu-west-1';

export const STAGING = {
  name: 'staging',
  tier: 'staging',
  accountId: '222222222222',
  region,
  cluster: 'staging-main',
  approval: false,
};
export const PRODUCTION = {
  name: 'production',
  tier: 'production',
  accountId: '333333333333',
  region,
  cluster: 'production-main',
  approval: true,
};

/** A service that may be made, changed as given. */
export function planInput(
  repoUrl: string,
  changes: JsonObject = {},
): JsonObject {
  return {
    repoUrl,
    template: 'node-ecs-service',
    name: 'shop',
    owner: 'group:default/platform',
    reviewers: ['user:default/cleo'],
    environments: [STAGING, PRODUCTION],
    registry: { accountId: '111111111111', region },
    serviceUrl: 'https://{name}.{environment}.acme.example',
    ...changes,
  };
}
