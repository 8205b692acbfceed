import {
  accessDenied,
  findRole,
  parseRoleArn,
  roleMay,
} from '../../aws/iam/roles';
import { beginSession, checkName, checkSeconds } from '../../aws/iam/sessions';
import { roleForToken } from '../../aws/iam/webIdentity';
import { AwsError, type AwsCloud } from '../../aws/cloud';
import type { SessionRecord } from '../../aws/records';
import { noteAct } from '../../aws/wire/sessions';
import type { RepoRecord } from '../../state';
import type { StepContext } from '../actions';
import { StepFailed, type AwsStep, type AwsStepContext } from './awsStep';

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/**
 * Whether jobs of the repository have in AWS only what they got for a token. The world's own repositories are older than
 * that: their steps act by the role their variables name.
 */
export const provesItself = (repo: RepoRecord): boolean =>
  repo.createdBy !== undefined || repo.immutableSubject === true;

const isDocumented = (cloud: AwsCloud, arn: string): boolean => {
  const named = parseRoleArn(arn);
  return (
    named !== undefined &&
    findRole(cloud.records, named.accountId, named.name) !== undefined
  );
};

/** The credentials that an earlier step of the job got last. */
export function sessionOf({
  cloud,
  job,
  now,
}: Pick<AwsStepContext, 'cloud' | 'job' | 'now'>): SessionRecord | undefined {
  return cloud.records.sessions.findLast(
    session => session.job?.id === job.id && session.expiresAt > now,
  );
}

export const arnOf = ({ accountId, roleName, sessionName }: SessionRecord) =>
  `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;

/**
 * Checks that the role of the job allows something, and keeps with its session what it changes.
 * @throws AwsError AccessDeniedException
 */
export function demand(
  context: AwsStepContext,
  action: string,
  resource: string,
  acts = false,
): void {
  const session = sessionOf(context);
  const role =
    session &&
    findRole(context.cloud.records, session.accountId, session.roleName);
  if (!session) return;
  const allowed = !role || roleMay(role, { action, resources: [resource] });
  const refusal = accessDenied({ arn: arnOf(session) }, action, resource);
  if (acts) {
    const outcome = allowed ? 'ok' : refusal.type;
    noteAct(session, { operation: action, resource, at: context.now, outcome });
  }
  if (!allowed) throw refusal;
}

const MISSING =
  'Credentials could not be loaded, please check your action inputs: Could not load credentials from any providers';

function checkedName(given: string): string {
  const name = given || 'GitHubActions';
  checkName(name, 'roleSessionName');
  return name;
}

function exchange(context: AwsStepContext): SessionRecord {
  const { cloud, step, job, now } = context;
  const inputs = step.with;
  const region = text(inputs['aws-region']);
  if (region === '') {
    throw new StepFailed('Input required and not supplied: aws-region');
  }
  const roleArn = text(inputs['role-to-assume']);
  if (roleArn === '') throw new StepFailed(MISSING);
  const token = context.idToken(text(inputs.audience) || 'sts.amazonaws.com');
  if (token === null) {
    context.log(
      'It looks like you might be trying to authenticate with OIDC. Did you mean to set the `id-token` permission? If you are not trying to authenticate with OIDC and the action is working successfully, you can ignore this message.',
    );
    throw new StepFailed(MISSING);
  }
  context.log('Assuming role with OIDC');
  const { role } = roleForToken(cloud.records, { roleArn, token }, now);
  const expected = text(inputs['allowed-account-ids'])
    .split(',')
    .map(id => id.trim())
    .filter(id => id !== '');
  if (expected.length > 0 && !expected.includes(role.accountId)) {
    throw new StepFailed(
      `The account ID of the provided credentials (${
        role.accountId
      }) does not match any of the expected account IDs: ${expected.join(
        ', ',
      )}`,
    );
  }
  return beginSession(cloud.records, now, {
    accountId: role.accountId,
    roleName: role.name,
    sessionName: checkedName(text(inputs['role-session-name'])),
    sourceIdentity: null,
    tags: {},
    seconds: checkSeconds(Number(inputs['role-duration-seconds']) || undefined),
    job: { id: job.id, region },
  });
}

/** `configure-aws-credentials`: a token of GitHub for a session of the role. */
export const configureCredentials: AwsStep = {
  concerns: ({ repo, with: inputs }: StepContext, cloud) =>
    provesItself(repo) || isDocumented(cloud, text(inputs['role-to-assume'])),
  begin(context) {
    if (context.shouldFail) {
      throw new StepFailed(
        'Could not assume role with OIDC: connect ETIMEDOUT',
      );
    }
    let session: SessionRecord;
    try {
      session = exchange(context);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new StepFailed(`Could not assume role with OIDC: ${error.message}`);
    }
    context.effect.outputs['aws-account-id'] = session.accountId;
    context.log('AWS_ACCESS_KEY_ID: ***');
    context.log('AWS_SESSION_TOKEN: ***');
    context.log(`Authenticated as ${arnOf(session)}`);
  },
};

/** `amazon-ecr-login`: the registry of the account the job is in. */
export const ecrLogin: AwsStep = {
  concerns: ({ repo }) => provesItself(repo),
  begin(context) {
    const session = sessionOf(context);
    if (!session)
      throw new StepFailed('Could not load credentials from any providers');
    demand(context, 'ecr:GetAuthorizationToken', '*');
    const { accountId, job } = session;
    const registry = `${accountId}.dkr.ecr.${job?.region}.amazonaws.com`;
    const asked = text(context.step.with.registries);
    const registries = asked
      ? asked
          .split(',')
          .map(id => `${id.trim()}.dkr.ecr.${job?.region}.amazonaws.com`)
      : [registry];
    // With several registries the action gives no output: scripts would not know which one is meant.
    if (registries.length === 1) {
      [context.effect.outputs.registry] = registries;
    }
    context.log(`Logging into registry ${registries.join(', ')}`);
  },
};
