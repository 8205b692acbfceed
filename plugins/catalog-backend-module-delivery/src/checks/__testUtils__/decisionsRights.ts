import { SERVICES } from './decisionsOutput';
import { callsOf, jobsOf, stepsOf, unless, type Check } from './decisionsProof';
import { runsForPulls, tooMuchForPulls } from './pullRequests';
import { RULES } from './rules';

/** What jobs may do and know: pull requests, secrets, permissions. */

const rule =
  (name: keyof typeof RULES): Check =>
  output =>
    output.workflows().flatMap(workflow => RULES[name](workflow));

const REUSABLE = ['ecs-build.yml', 'ecs-deploy.yml', 'ecs-rollback.yml'];

/** A secret in an expression: a job may be called so too. */
const SECRET = /\$\{\{[^}]*\bsecrets\.(\w+)/g;

const FORKS_LEFT_OUT = /head\.repo\.full_name == github\.repository/;

const KNOWN_SECRETS = [
  'SMOKE_TEST_API_KEY',
  'DATADOG_API_KEY',
  'SLACK_BOT_TOKEN',
];

const pullsPushNothing: Check = output => [
  ...output.workflows().flatMap(tooMuchForPulls),
  ...REUSABLE.flatMap(file => callsOf(output.workflows(), file))
    .filter(({ workflow, name }) => runsForPulls(workflow, name))
    .map(({ where }) => `${where}: runs for a pull request`),
  ...unless(
    /push \| workflow_dispatch\) ;;/.test(
      String(output.step('platform', 'ecs-build.yml', 'build', 'check').run),
    ),
    'ecs-build pushes for any event',
  ),
];

const pullsNeedNoSecrets: Check = output =>
  jobsOf(output.workflows())
    .filter(({ workflow, name }) => runsForPulls(workflow, name))
    .flatMap(({ job, where }) => {
      const rights = typeof job.permissions === 'object' ? job.permissions : {};
      return [
        ...unless(
          JSON.stringify(job).search(SECRET) < 0,
          `${where}: a pull request of a fork has no secrets`,
        ),
        ...unless(
          rights['id-token'] === undefined ||
            (FORKS_LEFT_OUT.test(String(job.if)) &&
              /dependabot/.test(String(job.if))),
          `${where}: forks and Dependabot have no token`,
        ),
      ];
    });

const secretsAreKeysOnly: Check = output => [
  ...output
    .workflows()
    .flatMap(({ path, text }) =>
      [...text.matchAll(SECRET)]
        .filter(([, name]) => !KNOWN_SECRETS.includes(name))
        .map(([, name]) => `${path}: takes the secret ${name}`),
    ),
  ...stepsOf(output.workflows())
    .filter(({ step }) =>
      /secrets\./.test(String(step.with?.['role-to-assume'])),
    )
    .map(({ where }) => `${where}: a role is no secret`),
];

const rightsAreMinimal: Check = output => [
  ...output
    .workflows()
    .filter(({ text }) => /packages: write|contents: write/.test(text))
    .map(({ path }) => `${path}: may write packages or contents`),
  ...jobsOf(output.workflows())
    .filter(({ job }) =>
      job.steps?.some(({ uses = '' }) =>
        uses.startsWith('github/codeql-action/'),
      ),
    )
    .filter(
      ({ job }) =>
        typeof job.permissions !== 'object' ||
        job.permissions.actions !== 'read',
    )
    .map(
      ({ where }) =>
        `${where}: CodeQL in a private repository needs actions: read`,
    ),
];

const smokeHasNoCredentials: Check = output =>
  (
    [
      ['ecs-deploy.yml', 'smoke'],
      ['ecs-deploy.yml', 'smoke-again'],
      ['ecs-rollback.yml', 'smoke'],
    ] as const
  ).flatMap(([file, name]) => {
    const job = output.job('platform', file, name);
    const keys = [...JSON.stringify(job).matchAll(/secrets\.(\w+)/g)].map(
      ([, key]) => key,
    );
    return [
      ...unless(
        JSON.stringify(job.permissions) === '{"contents":"read"}',
        `${file} ${name}: may do more than read`,
      ),
      ...unless(
        job.environment === undefined,
        `${file} ${name}: has the variables of an environment`,
      ),
      ...unless(
        keys.join() === 'SMOKE_TEST_API_KEY',
        `${file} ${name}: has keys that are not its own`,
      ),
    ];
  });

const secretsAreNamed = rule('secretsAreNamed');

const scriptsHoldNoExpressions = rule('scriptsHoldNoExpressions');

const checkoutsKeepNoToken = rule('checkoutsKeepNoToken');

const noPermissionsAtTheTop = rule('noPermissionsAtTheTop');

const keysAreNoArguments: Check = output =>
  [
    ...SERVICES.map(
      repository => [repository, 'scripts/smoke-test.sh'] as const,
    ),
  ].flatMap(([repository, path]) =>
    output
      .text(repository, path)
      .replace(/\\\n/g, ' ')
      .split('\n')
      .filter(
        line =>
          /curl|ask |status /.test(line) &&
          /--?(header|H)[= ]\S*["']?[^-@\n]*\$\{?SMOKE_TEST_API_KEY/.test(line),
      )
      .map(line => `${repository}: ${path}: ${line.trim()}`),
  );

export const RIGHTS_CHECKS = {
  pullsPushNothing,
  pullsNeedNoSecrets,
  secretsAreKeysOnly,
  rightsAreMinimal,
  smokeHasNoCredentials,
  secretsAreNamed,
  scriptsHoldNoExpressions,
  checkoutsKeepNoToken,
  noPermissionsAtTheTop,
  keysAreNoArguments,
} satisfies Record<string, Check>;
