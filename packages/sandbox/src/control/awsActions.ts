import { AwsError, ServiceName } from '../aws/cloud';
import { fakeDigest } from '../engine/contexts';
import { GitHubError } from '../state';
import {
  AwsControl,
  Body,
  ServiceTarget,
  serviceTarget,
  spoken,
  text,
} from './awsTarget';

const answer = ({ component, environment, name }: ServiceTarget) => ({
  component,
  environment,
  account: name.accountId,
  region: name.region,
  cluster: name.cluster,
  service: name.service,
});

/** AWS's own refusals become sentences of the command line. */
function asked<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new GitHubError(409, `${error.type}: ${error.message}`);
  }
}

const session = (name: ServiceName, user: string) =>
  `arn:aws:sts::${name.accountId}:assumed-role/AdministratorAccess/${user}`;

/** Somebody puts another image into the service by hand. */
export function drift(aws: AwsControl, body: Body) {
  const target = serviceTarget(aws, body);
  const { cloud } = aws;
  const { name, service } = target;
  const user = text(body, 'user') ?? 'ravi';
  if (!/^[\w+=,.@-]{2,64}$/.test(user)) {
    throw new GitHubError(
      400,
      `"${user}" cannot be the name of a session in AWS: 2 to 64 letters, digits and +=,.@-_ are allowed.`,
    );
  }
  const running = cloud
    .taskDefinition(service.taskDefinition)
    .containers.find(item => item.name === service.container);
  const repository = /^(?:[^/]+\.amazonaws\.com\/)?([^@:]+)/.exec(
    running?.image ?? '',
  )?.[1];
  const now = cloud.records.counter;
  const digest = `sha256:${fakeDigest(name.service, name.accountId, now)}`;
  const by = session(name, user);
  const deployment = asked(() =>
    cloud.drift(name, by, {
      repository: repository ?? name.service,
      digest,
      tags: [`hotfix-${digest.slice(7, 13)}`],
    }),
  );
  return { ...answer(target), by, digest, deployment: deployment.arn };
}

/** Lets the alarms of the service fire, or ends that. */
export function alarm(aws: AwsControl, body: Body) {
  const target = serviceTarget(aws, body);
  const { name, service } = target;
  const names = service.alarms?.names ?? [];
  if (names.length === 0) {
    throw new GitHubError(
      409,
      `No alarm watches ${spoken(
        target,
      )}. Take another service, for example vaultex-api in production.`,
    );
  }
  const only = text(body, 'name');
  if (only && !names.includes(only)) {
    throw new GitHubError(
      404,
      `${spoken(target)} has no alarm "${only}". Its alarms: ${names.join(
        ', ',
      )}.`,
    );
  }
  const state = body.off === true ? 'OK' : 'ALARM';
  const wanted = only ? [only] : names;
  wanted.forEach(item => asked(() => aws.cloud.setAlarm(name, item, state)));
  return { ...answer(target), alarms: wanted, state };
}

/** Stops running tasks; ECS starts others. */
export function killTasks(aws: AwsControl, body: Body) {
  const target = serviceTarget(aws, body);
  const count = Number(body.count ?? 1);
  if (!Number.isInteger(count) || count < 1) {
    throw new GitHubError(
      400,
      `--count must be a whole number from 1 on, not ${String(body.count)}.`,
    );
  }
  const killed = asked(() => aws.cloud.killTasks(target.name, count));
  if (killed === 0) {
    throw new GitHubError(
      409,
      `No task of ${spoken(target)} runs now. Wait until ECS has started one.`,
    );
  }
  return { ...answer(target), killed };
}

/** The image of the next deployment cannot be pulled. */
export function badImage(aws: AwsControl, body: Body) {
  const target = serviceTarget(aws, body);
  aws.cloud.spoilNext(target.name, 'image');
  return { ...answer(target), next: 'its image cannot be pulled' };
}

/** The tasks of the next deployment end at once, until the circuit breaker gives up on it. */
export function circuitBreaker(aws: AwsControl, body: Body) {
  const target = serviceTarget(aws, body);
  if (!target.service.circuitBreaker?.enable) {
    throw new GitHubError(
      409,
      `${spoken(
        target,
      )} has no deployment circuit breaker: ECS would start tasks for ever. Take vaultex-api or vaultex-ledger in production, or use bad-image.`,
    );
  }
  aws.cloud.spoilNext(target.name, 'crash');
  return { ...answer(target), next: 'its tasks end soon after they start' };
}

/** The balancer's health check fails for every task, or no longer. */
export function breakTargets(aws: AwsControl, body: Body) {
  const target = serviceTarget(aws, body);
  if (target.service.targetGroups.length === 0) {
    throw new GitHubError(
      409,
      `${spoken(
        target,
      )} is a worker without a load balancer, so it has no targets. To harm it use kill-tasks.`,
    );
  }
  const reason = text(body, 'reason') ?? 'code';
  if (reason !== 'timeout' && reason !== 'code') {
    throw new GitHubError(
      400,
      `--reason is "timeout" or "code", not "${reason}".`,
    );
  }
  const off = body.off === true;
  const tasks = asked(() =>
    aws.cloud.breakTargets(target.name, off ? undefined : reason),
  );
  return { ...answer(target), tasks, targets: off ? 'healthy again' : reason };
}
