import type { AwsCloud } from '../../../aws/cloud';
import { putRole } from '../../../aws/iam/roles';
import type { ServiceSpec } from '../../../aws/machine/seedService';
import type { AwsPlace } from '../../../aws/records';
import { fakeDigest } from '../../contexts';
import {
  hasInfrastructure,
  partsOf,
  type OnboardedEnvironment,
  type OnboardingPlan,
} from './plan';
import { rolesOf, tagsOf } from './roles';

const BOOTSTRAP = 'bootstrap';
const CURL = 'curl -fsS http://localhost:8080/health || exit 1';

const bootstrapDigest = (service: string) =>
  `sha256:${fakeDigest(BOOTSTRAP, service)}`;

/** Settings of the ECS service that stands for a part of the plan. */
function shapeOf(
  { kind }: OnboardingPlan,
  { strategy }: OnboardedEnvironment,
): Pick<
  ServiceSpec,
  | 'port'
  | 'strategy'
  | 'circuitBreaker'
  | 'bakeMinutes'
  | 'pauseAt'
  | 'healthCheck'
> & { pauseTimeoutMinutes?: number } {
  if (kind === 'terraform-bluegreen-service' || strategy === 'BLUE_GREEN') {
    return {
      port: 8080,
      healthCheck: CURL,
      strategy: 'BLUE_GREEN',
      bakeMinutes: 10,
      pauseAt: 'POST_TEST_TRAFFIC_SHIFT',
      pauseTimeoutMinutes: 60,
    };
  }
  const circuitBreaker = { enable: true, rollback: true };
  if (kind === 'worker-cdk-service') {
    return {
      port: null,
      healthCheck: 'node healthcheck.js || exit 1',
      circuitBreaker,
    };
  }
  return { port: 8080, healthCheck: CURL, circuitBreaker };
}

/** Repository of images with one that does nothing but answer, so that services have something to run. */
function makeRepositories(
  cloud: AwsCloud,
  plan: OnboardingPlan,
  registry: AwsPlace,
  log: (text: string) => void,
): void {
  for (const name of partsOf(plan)) {
    const known = cloud.records.repositories?.some(
      item =>
        item.name === name &&
        item.accountId === registry.accountId &&
        item.region === registry.region,
    );
    if (known) continue;
    cloud.createRepository(registry, {
      name,
      mutability: 'IMMUTABLE',
      tags: tagsOf(plan),
    });
    cloud.putImage(registry, {
      repository: name,
      digest: bootstrapDigest(name),
      tags: [BOOTSTRAP],
      labels: {},
    });
    log(`Made the image repository ${name}`);
  }
}

function makeStack(
  cloud: AwsCloud,
  plan: OnboardingPlan,
  environment: OnboardedEnvironment,
  at: number,
): void {
  const { accountId, region, cluster } = environment;
  const name = `${plan.service}-${environment.name}`;
  const { stacks } = cloud.records;
  const known = stacks.some(
    item =>
      item.accountId === accountId &&
      item.region === region &&
      item.name === name,
  );
  if (known) return;
  const id = fakeDigest(accountId, region, name).slice(0, 12);
  stacks.push({
    accountId,
    region,
    name,
    id: `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${id.slice(
      0,
      8,
    )}-5c1d-11f0-9a3e-${id}`,
    createdAt: at,
    outputs: { ClusterName: cluster, ServiceName: plan.service },
    drift: { status: 'NOT_CHECKED', resources: 0, checkedAt: null },
  });
}

function makeServices(
  cloud: AwsCloud,
  plan: OnboardingPlan,
  environment: OnboardedEnvironment,
  options: {
    registry: AwsPlace;
    principal: string;
    log: (text: string) => void;
  },
): void {
  const { accountId, region, cluster, name: where } = environment;
  const { registry, principal, log } = options;
  for (const service of partsOf(plan)) {
    const known = cloud.records.services.some(
      item =>
        item.accountId === accountId &&
        item.region === region &&
        item.cluster === cluster &&
        item.name === service,
    );
    if (known) continue;
    const entity =
      service === plan.service ? plan.entity : `component:default/${service}`;
    cloud.createService({
      accountId,
      region,
      cluster,
      service,
      desiredCount: 2,
      container: service,
      ...shapeOf(plan, environment),
      image: {
        repository: service,
        digest: bootstrapDigest(service),
        // The image has its tag already, and tags cannot be pushed twice.
        tags: [],
        registry,
      },
      principal,
      tags: { ...tagsOf(plan), 'delivery.platform/entity': entity },
    });
    log(`Made the ECS service ${cluster}/${service} for ${where}`);
  }
}

/** Makes what is missing and puts the roles as the plan says; what is there already stays. `at` is epoch milliseconds. */
export function makePlan(
  cloud: AwsCloud,
  plan: OnboardingPlan,
  options: {
    registry: AwsPlace;
    /** Who does it, by account. */
    principal: (accountId: string) => string;
    at: number;
    log: (text: string) => void;
  },
): void {
  const { registry, principal, at, log } = options;
  for (const role of rolesOf(plan, registry, at)) {
    putRole(cloud.records, role);
    log(`Role ${role.name} in ${role.accountId}`);
  }
  makeRepositories(cloud, plan, registry, log);
  for (const environment of plan.environments) {
    const by = principal(environment.accountId);
    makeServices(cloud, plan, environment, { registry, principal: by, log });
    if (hasInfrastructure(plan)) makeStack(cloud, plan, environment, at);
  }
}
