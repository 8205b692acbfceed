import { PINNED_ACTIONS } from './pinnedActions';
import { WORKFLOWS_REPOSITORY, WORKFLOWS_SHA } from './sampleValues';
import { allSteps, type Job, type Workflow } from './workflows';

/** A rule over one workflow file: a sentence for each place that breaks it. */
export type Rule = (workflow: Workflow) => string[];

const lines = (workflow: Workflow) => workflow.text.split('\n');

const jobsOf = (workflow: Workflow) => Object.entries(workflow.jobs);

/** Lines of a file that fit a pattern, comments left out. */
const linesWith = (workflow: Workflow, pattern: RegExp) =>
  lines(workflow)
    .filter(line => pattern.test(line.replace(/(^|\s)#.*$/, '')))
    .map(line => `${workflow.path}: ${line.trim()}`);

/** Whether a job is a deployment to an environment, and does not only read its variables. */
const holdsEnvironment = ({ environment }: Job) =>
  typeof environment === 'object'
    ? environment.deployment !== false
    : environment !== undefined;

const noPermissionsAtTheTop: Rule = ({ path, permissions }) =>
  typeof permissions === 'object' && Object.keys(permissions).length === 0
    ? []
    : [`${path}: permissions at the top are not {}`];

const everyJobAsksForItsOwn: Rule = workflow =>
  jobsOf(workflow)
    .filter(([, { permissions }]) => typeof permissions !== 'object')
    .map(([job]) => `${workflow.path} ${job}: no list of permissions`);

const actionsArePinned: Rule = workflow =>
  lines(workflow).flatMap(line => {
    const match = line.match(/^\s*(?:-\s+)?uses:\s*(\S+)(?:\s+#\s*(\S+))?/);
    if (!match) return [];
    const [, uses, comment = ''] = match;
    if (uses.startsWith('./.github/workflows/')) return [];
    const [name, ref = ''] = uses.split('@');
    const repository = name.split('/').slice(0, 2).join('/');
    if (repository === WORKFLOWS_REPOSITORY) {
      return ref === WORKFLOWS_SHA && comment === 'v2.0.0'
        ? []
        : [`${workflow.path}: ${line.trim()} is not the pinned version`];
    }
    const known = PINNED_ACTIONS[repository];
    if (!known) return [`${workflow.path}: ${uses} is not a known action`];
    return ref === known.sha && comment === known.tag
      ? []
      : [`${workflow.path}: ${line.trim()} is not ${known.sha} # ${known.tag}`];
  });

const jobsHaveAnEnd: Rule = workflow =>
  jobsOf(workflow)
    .filter(
      ([, job]) => job.steps && typeof job['timeout-minutes'] !== 'number',
    )
    .map(([job]) => `${workflow.path} ${job}: no timeout-minutes`);

const runnersAreFixed: Rule = workflow =>
  jobsOf(workflow)
    .filter(([, job]) => job.steps && job['runs-on'] !== 'ubuntu-24.04')
    .map(([job]) => `${workflow.path} ${job}: does not run on ubuntu-24.04`);

/** Reusable workflows are grouped by the run that calls them; what holds an environment is grouped by itself everywhere. */
const runsAreGrouped: Rule = workflow => {
  const called = Object.keys(workflow.on).every(
    item => item === 'workflow_call',
  );
  const missing =
    called || workflow.concurrency ? [] : [`${workflow.path}: no concurrency`];
  const holders = jobsOf(workflow)
    .filter(
      ([, job]) =>
        holdsEnvironment(job) && !job.concurrency && !workflow.concurrency,
    )
    .map(
      ([job]) => `${workflow.path} ${job}: an environment without concurrency`,
    );
  return [...missing, ...holders];
};

const DEPLOYS = /\/(ecs-deploy|ecs-rollback)\.yml(@|$)/;

/** A newer pull request may end the run of an older one; nothing may end a deployment. */
const deploymentsAreNotCutOff: Rule = workflow => {
  const jobs = jobsOf(workflow);
  const deploys = jobs.some(
    ([, job]) => holdsEnvironment(job) || DEPLOYS.test(job.uses ?? ''),
  );
  const groups = [
    ...(deploys ? [workflow.concurrency] : []),
    ...jobs
      .filter(([, job]) => holdsEnvironment(job))
      .map(([, job]) => job.concurrency),
  ];
  return groups.flatMap(item => {
    const cut = typeof item === 'object' ? item['cancel-in-progress'] : false;
    const harmless =
      cut === undefined ||
      cut === false ||
      /^\$\{\{ github\.event_name == 'pull_request' \}\}$/.test(String(cut));
    return harmless
      ? []
      : [`${workflow.path}: cancels a deployment in progress`];
  });
};

const scriptsHoldNoExpressions: Rule = workflow =>
  allSteps(workflow)
    .filter(({ step }) => /\$\{\{/.test(step.run ?? ''))
    .map(({ where }) => `${where}: an expression in a script`);

const checkoutsKeepNoToken: Rule = workflow =>
  allSteps(workflow)
    .filter(
      ({ step }) =>
        step.uses?.startsWith('actions/checkout@') &&
        step.with?.['persist-credentials'] !== false,
    )
    .map(({ where }) => `${where}: persist-credentials is not false`);

const secretsAreNamed: Rule = workflow =>
  linesWith(workflow, /secrets:\s*inherit|toJSON\(\s*secrets\s*\)|secrets\[/i);

/** Only a step, or the call of a reusable workflow, gets a secret: never every step of a job. */
const secretsGoToSteps: Rule = workflow =>
  [
    ['env', workflow.env] as const,
    ...jobsOf(workflow).map(([job, { env }]) => [`${job} env`, env] as const),
  ].flatMap(([where, env]) =>
    /secrets\./.test(JSON.stringify(env ?? {}))
      ? [`${workflow.path} ${where}: a secret for every step`]
      : [],
  );

const noStaticKeys: Rule = workflow =>
  linesWith(
    workflow,
    /aws-(access-key-id|secret-access-key)\s*:|secrets\.AWS_|AKIA[0-9A-Z]{16}/i,
  );

const eventsAreSafe: Rule = workflow =>
  ['pull_request_target', 'workflow_run', 'issue_comment']
    .filter(event => event in workflow.on)
    .map(event => `${workflow.path}: runs for ${event}`);

const DIGEST = /@sha256:[0-9a-f]{64}$/;

const imagesHaveDigests: Rule = workflow =>
  jobsOf(workflow).flatMap(
    ([job, { services = {}, container, steps = [] }]) => {
      const holder =
        typeof container === 'object' ? container.image : container;
      const images = [
        ...Object.values(services).map(({ image }) => image),
        ...(holder === undefined ? [] : [holder]),
        ...steps.flatMap(({ env = {} }) =>
          Object.entries(env)
            .filter(
              ([name, value]) =>
                /_IMAGE$/.test(name) && !/\$\{\{/.test(String(value)),
            )
            .map(([, value]) => String(value)),
        ),
      ];
      return images
        .filter(image => !DIGEST.test(image))
        .map(
          image =>
            `${workflow.path} ${job}: ${image} is not named by its digest`,
        );
    },
  );

/** `docker run image:tag` in a script; images come from the environment. */
const scriptsNameNoImages: Rule = workflow =>
  allSteps(workflow)
    .filter(({ step }) =>
      /docker (run|pull)\b[^\n|;&]*\s[a-z0-9.-]+(\/[a-z0-9._-]+)*:[a-z0-9._-]+(\s|$)/i.test(
        (step.run ?? '')
          .replace(/\\\n/g, ' ')
          .replaceAll('candidate:local', '')
          .replace(/(--?[a-z-]+)[= ]("[^"]*"|'[^']*'|\S+)/g, ' '),
      ),
    )
    .map(({ where }) => `${where}: an image by its tag`);

const artifactsExpire: Rule = workflow =>
  allSteps(workflow)
    .filter(
      ({ step }) =>
        step.uses?.startsWith('actions/upload-artifact@') &&
        !(Number(step.with?.['retention-days']) <= 30),
    )
    .map(({ where }) => `${where}: retention-days is not at most 30`);

const rolesComeFromVariables: Rule = workflow =>
  allSteps(workflow)
    .filter(({ step }) =>
      step.uses?.startsWith('aws-actions/configure-aws-credentials@'),
    )
    .flatMap(({ where, step }) =>
      [
        'role-to-assume',
        'aws-region',
        'allowed-account-ids',
        'role-session-name',
      ]
        .filter(name => step.with?.[name] === undefined)
        .map(name => `${where}: credentials without ${name}`),
    );

/** Rules that every rendered workflow file keeps. */
export const RULES: Readonly<Record<string, Rule>> = {
  noPermissionsAtTheTop,
  everyJobAsksForItsOwn,
  actionsArePinned,
  jobsHaveAnEnd,
  runnersAreFixed,
  runsAreGrouped,
  deploymentsAreNotCutOff,
  scriptsHoldNoExpressions,
  checkoutsKeepNoToken,
  secretsAreNamed,
  secretsGoToSteps,
  noStaticKeys,
  eventsAreSafe,
  imagesHaveDigests,
  scriptsNameNoImages,
  artifactsExpire,
  rolesComeFromVariables,
};
