import {
  BLUE_GREEN,
  changeSetRoleVariable,
  planRoleVariable,
  roleArn,
  roleName,
  WORKER,
  type EnvironmentPlace,
} from './names';

/** GitHub Actions variables: names and values; never secrets. */
export type Variables = Record<string, string>;

/** What the variables of one service are made from. */
export interface ServiceFacts {
  /** Id of the template. */
  template: string;
  name: string;
  registry: { accountId: string; region: string };
  /** With `{name}` and `{environment}`. */
  serviceUrl: string;
  imageProof: string;
  signingKey?: string;
  slackChannel?: string;
  datadogSite?: string;
  /** True: roles that plan and apply infrastructure exist. */
  infrastructure: boolean;
}

/** Only what has a value: GitHub keeps no empty variables. */
function filled(all: Record<string, string | undefined>): Variables {
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] =>
      Boolean(entry[1]),
    ),
  );
}

export function repositoryVariables(
  service: ServiceFacts,
  environments: readonly EnvironmentPlace[],
): Variables {
  const { name, registry, infrastructure, template } = service;
  const roles = (
    purpose: 'plan' | 'changeset',
    variable: (environment: string) => string,
  ) =>
    environments.map(environment => [
      variable(environment.name),
      roleArn(environment, roleName(name, purpose, environment.name)),
    ]);
  const plans = infrastructure ? roles('plan', planRoleVariable) : [];
  const changeSets =
    infrastructure && template === WORKER
      ? roles('changeset', changeSetRoleVariable)
      : [];
  return filled({
    AWS_BUILD_ROLE_ARN: roleArn(registry, roleName(name, 'build')),
    AWS_BUILD_ACCOUNT_ID: registry.accountId,
    AWS_BUILD_REGION: registry.region,
    IMAGE_PROOF: service.imageProof,
    SIGNING_KEY: service.signingKey,
    SLACK_CHANNEL: service.slackChannel,
    DD_SITE: service.datadogSite,
    ...Object.fromEntries([...plans, ...changeSets]),
  });
}

/** Address of the service in one environment. */
export function serviceUrl(
  pattern: string,
  name: string,
  environment: string,
): string {
  return pattern
    .replaceAll('{name}', name)
    .replaceAll('{environment}', environment);
}

export function deployVariables(
  service: ServiceFacts,
  environment: EnvironmentPlace,
): Variables {
  const { name, template } = service;
  const isBlueGreen = template === BLUE_GREEN;
  const url =
    template === WORKER
      ? undefined
      : serviceUrl(service.serviceUrl, name, environment.name);
  return filled({
    AWS_ACCOUNT_ID: environment.accountId,
    AWS_REGION: environment.region,
    AWS_DEPLOY_ROLE_ARN: roleArn(
      environment,
      roleName(name, 'deploy', environment.name),
    ),
    AWS_SETTLE_ROLE_ARN: roleArn(
      environment,
      roleName(name, 'settle', environment.name),
    ),
    ECS_CLUSTER: environment.cluster,
    // It has two services there: the callers say which.
    ECS_SERVICE: isBlueGreen ? undefined : name,
    SERVICE_URL: url,
    ECS_STRATEGY: isBlueGreen ? 'BLUE_GREEN' : 'ROLLING',
    TEST_URL: isBlueGreen ? `${url}:8443` : undefined,
  });
}

export function infraVariables(
  service: ServiceFacts,
  environment: EnvironmentPlace,
): Variables {
  return {
    AWS_ACCOUNT_ID: environment.accountId,
    AWS_REGION: environment.region,
    AWS_INFRA_ROLE_ARN: roleArn(
      environment,
      roleName(service.name, 'infra', environment.name),
    ),
  };
}
