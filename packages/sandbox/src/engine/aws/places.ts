import type { ServiceName } from '../../aws/cloud';
import type { AwsPlace, ServiceRecord } from '../../aws/records';
import { arnOf, provesItself, sessionOf } from './credentials';
import { StepFailed, type AwsStepContext } from './awsStep';

const NO_CREDENTIALS =
  'Unable to locate credentials. You can configure credentials by running "aws login".';

/** Account and region of the job's credentials; for a pipeline with keys of its own, those of the service it names. */
export function placeOf(
  context: AwsStepContext,
  cluster: string,
  service: string,
): AwsPlace {
  const { cloud, step } = context;
  const session = sessionOf(context);
  if (session?.job) {
    return { accountId: session.accountId, region: session.job.region };
  }
  if (provesItself(step.repo)) throw new StepFailed(NO_CREDENTIALS);
  const { AWS_ACCOUNT_ID: accountId, AWS_REGION: region } = step.vars;
  if (accountId && region) return { accountId, region };
  const known = cloud.records.services.find(
    item => item.cluster === cluster && item.name === service,
  );
  if (!known) {
    throw new StepFailed(NO_CREDENTIALS);
  }
  return { accountId: known.accountId, region: known.region };
}

export function serviceName(
  context: AwsStepContext,
  cluster: string,
  service: string,
): ServiceName {
  return { ...placeOf(context, cluster, service), cluster, service };
}

/** The services of a cluster, in the order of their names. */
export function servicesOf(
  { cloud }: AwsStepContext,
  place: AwsPlace,
  cluster: string,
): ServiceRecord[] {
  return cloud.records.services
    .filter(
      item =>
        item.accountId === place.accountId &&
        item.region === place.region &&
        item.cluster === cluster &&
        item.status === 'ACTIVE',
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Who AWS sees: the role of the job, with a session named after the run; or the user behind long-lived keys. */
export function principal(context: AwsStepContext, accountId: string): string {
  const session = sessionOf(context);
  if (session) return arnOf(session);
  const { run, repo, vars } = context.step;
  const role = vars.AWS_DEPLOY_ROLE_ARN?.split('/').at(-1);
  if (!role) return `arn:aws:iam::${accountId}:user/${repo.name}-deploy`;
  const name = `gha-${run.id}-${run.attempts.length}`;
  return `arn:aws:sts::${accountId}:assumed-role/${role}/${name}`;
}
