import type { ConformanceFacts, RuleAnswer } from '../facts';
import type { Pipeline, PipelineStep, Place } from '../Pipeline';
import { at, distinct, fail, pass, unknown } from '../tell';

const KEYS =
  /\b(AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AZURE_CREDENTIALS|AZURE_CLIENT_SECRET|GOOGLE_CREDENTIALS|GOOGLE_APPLICATION_CREDENTIALS_JSON|GCP_SA_KEY)\b/;
/** Handing the keys of a session on by their names (`docker run --env AWS_ACCESS_KEY_ID`) is no key of its own. */
const SET_IN_SCRIPT = new RegExp(`${KEYS.source}\\s*=`);
const KEY_INPUTS =
  /^(aws-access-key-id|aws-secret-access-key|credentials_json|creds)$/;
const SIGN_IN =
  /^(aws-actions\/configure-aws-credentials|google-github-actions\/auth|azure\/login)@/i;

const FIX =
  'Sign in by OpenID Connect: give the job `id-token: write` and let configure-aws-credentials assume a role (`role-to-assume`) whose trust names this repository; then delete the keys.';

function keysIn(
  place: Place,
  values: Readonly<Record<string, string>>,
): RuleAnswer['evidence'] {
  return Object.entries(values).flatMap(([name, value]) =>
    KEYS.test(name) || KEYS.test(value) || (KEY_INPUTS.test(name) && value)
      ? [at(place, `A key with a long life is used as ${name}.`)]
      : [],
  );
}

const signsIn = ({ uses, with: inputs }: PipelineStep) =>
  uses !== undefined &&
  SIGN_IN.test(uses) &&
  Object.keys(inputs).some(name =>
    ['role-to-assume', 'workload_identity_provider', 'client-id'].includes(
      name,
    ),
  );

/** Nobody's key lies at the vendor: a job signs in with a token of its own. */
export function oidc(pipeline: Pipeline, _facts: ConformanceFacts): RuleAnswer {
  const keys = pipeline.jobs.flatMap(job => [
    ...keysIn(job, job.env),
    ...job.steps.flatMap(step => [
      ...keysIn(step, step.env),
      ...keysIn(step, step.with),
      ...(SET_IN_SCRIPT.test(step.run)
        ? [at(step, 'The script uses a key with a long life.')]
        : []),
    ]),
  ]);
  if (keys.length > 0) return fail(FIX, distinct(keys));
  const found = pipeline.jobs.flatMap(job =>
    job.steps.filter(signsIn).map(step => ({ job, step })),
  );
  const dumb = found.filter(
    ({ job: { permissions } }) =>
      permissions !== 'write-all' &&
      (typeof permissions !== 'object' || permissions['id-token'] !== 'write'),
  );
  if (dumb.length > 0) {
    return fail(
      'Give the job `permissions: { id-token: write, contents: read }`.',
      dumb.map(({ step }) =>
        at(step, 'The job may not ask for a token (`id-token: write`).'),
      ),
    );
  }
  if (found.length > 0) {
    return pass(
      ...distinct(
        found.map(({ step }) => at(step, 'Signs in with a token of the run.')),
      ),
    );
  }
  return unknown(
    unreadText(pipeline) ??
      'No job signs in to a cloud in a way this check knows.',
  );
}

function unreadText({ workflows }: Pipeline): string | undefined {
  const [first] = workflows.flatMap(({ unread }) => unread);
  return first && `${first.text} could not be read.`;
}
