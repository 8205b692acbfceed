import type { RepoRecord, RunRecord } from '../state';
import { fakeDigest } from './contexts';

/** What a step leaves behind for later steps and jobs. */
export interface StepContext {
  repo: RepoRecord;
  run: RunRecord;
  /** Name of the environment of the job, if it has one. */
  environment: string | null;
  id?: string;
  uses?: string;
  run_?: string;
  /** `with:` after evaluation. */
  with: Record<string, unknown>;
  env: Record<string, unknown>;
  /** `vars` of the job: of its environment before those of the repository. */
  vars: Record<string, string>;
}

const text = (value: unknown, fallback: string) =>
  typeof value === 'string' && value !== '' ? value : fallback;

function registry(step: StepContext): string {
  const { vars } = step;
  const account = text(vars.AWS_BUILD_ACCOUNT_ID, '000000000000');
  const region = text(vars.AWS_REGION, 'eu-west-1');
  return `${account}.dkr.ecr.${region}.amazonaws.com`;
}

function taskDefinition(step: StepContext, number: number): string {
  const { vars } = step;
  const account = text(vars.AWS_ACCOUNT_ID, '000000000000');
  const region = text(vars.AWS_REGION, 'eu-west-1');
  return `arn:aws:ecs:${region}:${account}:task-definition/${step.repo.name}:${number}`;
}

type Handler = (step: StepContext) => Record<string, string>;

const ACTIONS: [RegExp, Handler][] = [
  [
    /^actions\/checkout@/,
    ({ run }) => ({ commit: run.headSha, ref: run.headBranch }),
  ],
  [/^actions\/setup-/, () => ({ 'cache-hit': 'true' })],
  [
    /configure-aws-credentials@/,
    ({ vars }) => ({
      'aws-account-id': text(vars.AWS_ACCOUNT_ID, '000000000000'),
    }),
  ],
  [/amazon-ecr-login@/, step => ({ registry: registry(step) })],
  [
    /^docker\/build-push-action@/,
    ({ repo, run }) => {
      const digest = `sha256:${fakeDigest(repo.name, run.headSha, 'image')}`;
      return { digest, imageid: digest };
    },
  ],
  [
    /amazon-ecs-render-task-definition@/,
    () => ({ 'task-definition': '/tmp/task-definition.json' }),
  ],
  [
    /amazon-ecs-deploy-task-definition@/,
    step => ({
      'task-definition-arn': taskDefinition(step, step.run.runNumber),
    }),
  ],
];

/** `run:` steps whose outputs others rely on, by step id. */
const STEPS: Record<string, Handler> = {
  push: step => {
    const name = `${registry(step)}/${text(step.env.REPO, step.repo.name)}`;
    const digest = `sha256:${fakeDigest(name, step.run.headSha)}`;
    return { digest, name, image: `${name}@${digest}` };
  },
  approver: ({ run, environment, repo }) => {
    const ids = repo.environments
      .filter(item => item.name === environment)
      .map(item => item.id);
    const who = run.reviews
      .filter(
        review =>
          review.state === 'approved' &&
          review.environmentIds.some(id => ids.includes(id)),
      )
      .map(review => review.user);
    return { login: [...new Set(who)].join(',') };
  },
  before: step => ({
    td: taskDefinition(step, Math.max(1, step.run.runNumber - 1)),
    subnets: 'subnet-0a1b2c3d,subnet-4e5f6a7b',
    sgs: 'sg-0c9d8e7f',
  }),
};

/** `echo "name=value" >> "$GITHUB_OUTPUT"` with a value that needs no shell to know. */
const LITERAL = /echo "([\w-]+)=([^"$`]*)" *>> *"?\$\{?GITHUB_OUTPUT/g;

/** `echo "app=$(touches '^app/')"`: a comparison with another commit; here everything has changed. */
const TOUCHES = /echo "([\w-]+)=\$\(touches /g;

/** Outputs of a successful step: a known action, a known `run:` step id, or literal lines for GITHUB_OUTPUT. */
export function stepOutputs(step: StepContext): Record<string, string> {
  if (step.uses) {
    const action = ACTIONS.find(([pattern]) => pattern.test(step.uses ?? ''));
    return action ? action[1](step) : {};
  }
  const outputs: Record<string, string> = {};
  for (const [, name, value] of (step.run_ ?? '').matchAll(LITERAL)) {
    outputs[name] = value;
  }
  for (const [, name] of (step.run_ ?? '').matchAll(TOUCHES)) {
    outputs[name] = 'true';
  }
  const known = step.id ? STEPS[step.id] : undefined;
  return known ? { ...known(step), ...outputs } : outputs;
}

/** Name of the artifact a step uploads, if it is one that does. */
export function uploadedArtifact(step: StepContext): string | undefined {
  if (!step.uses || !/^actions\/upload-artifact@/.test(step.uses)) {
    return undefined;
  }
  return text(step.with.name, 'artifact');
}
