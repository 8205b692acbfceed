import type { ServiceDeploymentRecord } from '../../aws/records';
import type { AwsStepContext, Look } from './awsStep';

/** AWS says when to look again; where it does not know, the waiters of its tools ask every 15 s. */
const POLL_SECONDS = 15;

export function deploymentOf(
  { cloud }: AwsStepContext,
  arn: string,
): ServiceDeploymentRecord | undefined {
  // The newest are the last, and the pipeline asks about its own.
  return cloud.records.deployments.findLast(item => item.arn === arn);
}

/** Writes how many tasks run, when that has changed. */
function logCounts(context: AwsStepContext, arn: string): void {
  const deployment = deploymentOf(context, arn);
  if (!deployment) return;
  const { records } = context.cloud;
  const service = records.services.find(
    item =>
      item.accountId === deployment.accountId &&
      item.region === deployment.region &&
      item.cluster === deployment.cluster &&
      item.name === deployment.service,
  );
  const running = records.tasks.filter(
    task =>
      task.startedBy === deployment.id &&
      task.lastStatus === 'RUNNING' &&
      task.desiredStatus === 'RUNNING',
  ).length;
  const parts = [
    `(service ${deployment.service}) ${deployment.status}: ${running} of ${
      service?.desiredCount ?? 0
    } tasks running`,
  ];
  if (deployment.failedTasks > 0)
    parts.push(`${deployment.failedTasks} failed`);
  if (deployment.lifecycleStage) parts.push(deployment.lifecycleStage);
  const text = parts.join(', ');
  const { lines } = context.effect;
  const before = lines.findLast(line =>
    line.text.startsWith(`(service ${deployment.service})`),
  );
  if (before?.text !== text) context.log(text);
}

/**
 * Whether the deployments the step has started have come to their ends. `strict`: one that ECS rolled back or somebody
 * stopped fails the step, as the deploy action does; the waiter of the command line is content with any end.
 */
export function lookAtDeployments(
  context: AwsStepContext,
  strict: boolean,
): Look {
  let next = Infinity;
  let failed: string | undefined;
  for (const arn of context.effect.deployments) {
    const { state, lookAgainAt, reason } = context.cloud.progress(arn);
    logCounts(context, arn);
    if (state === 'moving') {
      const poll = context.now + (POLL_SECONDS * 1_000) / context.speed;
      // Never at once again: time must go on.
      next = Math.min(next, Math.max(lookAgainAt ?? poll, context.now + 1));
    } else if (state !== 'succeeded') {
      const name = deploymentOf(context, arn)?.service ?? 'the service';
      const end = state === 'rolled_back' ? 'rolled it back' : 'stopped it';
      failed ??= `The deployment of ${name} failed and Amazon ECS ${end}${
        reason ? `: ${reason}` : '.'
      }`;
    }
  }
  if (next < Infinity) return { state: 'moving', lookAgainAt: next };
  if (strict && failed) return { state: 'failed', reason: failed };
  return { state: 'done' };
}
