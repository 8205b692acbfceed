import { SERVICES } from './decisionsOutput';
import {
  callsOf,
  commands,
  stepsOf,
  unless,
  withoutComments,
  type Check,
} from './decisionsProof';
import { RULES } from './rules';

/** What the tasks of services look like, and what the Python service is built from. */

const rule =
  (name: keyof typeof RULES): Check =>
  output =>
    output.workflows().flatMap(workflow => RULES[name](workflow));

interface TaskDefinition {
  readonly containerDefinitions: readonly {
    healthCheck?: { command: string[] };
  }[];
}

const nodeIsCurrent: Check = output =>
  (
    [
      ['node', '.nvmrc'],
      ['worker', '.nvmrc'],
      ['terraform', '.nvmrc'],
    ] as const
  )
    .filter(
      ([repository, path]) => !/^v?24\b/.test(output.text(repository, path)),
    )
    .map(([repository]) => `${repository}: not on Node 24`);

const containersDoNotMigrate: Check = output =>
  [...SERVICES].flatMap(repository =>
    output
      .paths(repository, /(^|\/)Dockerfile$/)
      .filter(path =>
        /^(CMD|ENTRYPOINT) .*migrat/m.test(output.text(repository, path)),
      )
      .map(path => `${repository}: ${path} migrates whenever a task starts`),
  );

const generatedAtBuild: Check = output =>
  stepsOf(output.workflows(...SERVICES))
    .filter(
      ({ step, job }) =>
        /prisma|migrate/.test(step.run ?? '') && job.services === undefined,
    )
    .map(
      ({ where }) =>
        `${where}: needs a database that the runner does not reach`,
    );

const healthIsInTheDefinition: Check = output => {
  const { containerDefinitions } = JSON.parse(
    output.text('python', 'infra/ecs/task-definition.json'),
  ) as TaskDefinition;
  return [
    ...containerDefinitions.flatMap(({ healthCheck }) =>
      unless(
        healthCheck !== undefined &&
          !healthCheck.command.join(' ').includes('curl'),
        'python: the container has no health check',
      ),
    ),
    ...unless(
      /HealthCheck:\n\s+Command:/.test(
        output.text('platform', 'onboarding/ecs-service.yaml'),
      ),
      'onboarding: the container has no health check',
    ),
    ...unless(
      /healthCheck: \{/.test(
        output.text('worker', 'infra/lib/workerService.ts'),
      ),
      'worker: the container has no health check',
    ),
    ...unless(
      /healthCheck = \{/.test(
        output.text('terraform', 'infrastructure/modules/ecs/main.tf'),
      ),
      'terraform: the container has no health check',
    ),
  ];
};

const tasksArePrivate: Check = output =>
  (
    [
      ['platform', 'onboarding/ecs-service.yaml', /AssignPublicIp: DISABLED/],
      ['python', 'infra/terraform/service.tf', /assign_public_ip = false/],
      ['worker', 'infra/lib/workerService.ts', /assignPublicIp: false/],
      [
        'terraform',
        'infrastructure/modules/ecs/main.tf',
        /assign_public_ip = false/,
      ],
    ] as const
  ).flatMap(([repository, path, fits]) =>
    unless(
      fits.test(output.text(repository, path)),
      `${repository}: tasks have public addresses`,
    ),
  );

const deploymentsUndoThemselves: Check = output =>
  (
    [
      [
        'platform',
        'onboarding/ecs-service.yaml',
        [
          /Enable: true, Rollback: true/,
          /AlarmNames: \[!Ref Errors, !Ref Latency\]/,
        ],
      ],
      [
        'python',
        'infra/terraform/service.tf',
        [
          /deployment_circuit_breaker \{\s+enable {3}= true\s+rollback = true/,
          /alarms \{\s+enable {6}= true\s+rollback {4}= true/,
        ],
      ],
      [
        'worker',
        'infra/lib/workerService.ts',
        [
          /circuitBreaker: \{ enable: true, rollback: true \}/,
          /ROLLBACK_ON_ALARM/,
        ],
      ],
      [
        'terraform',
        'infrastructure/modules/ecs/main.tf',
        [/alarms \{\s+enable {6}= true\s+rollback {4}= true/],
      ],
    ] as const
  ).flatMap(([repository, path, all]) =>
    all
      .filter(fits => !fits.test(output.text(repository, path)))
      .map(
        () => `${repository}: ${path} does not undo a deployment that fails`,
      ),
  );

const deploymentNeverBuilds: Check = output => [
  ...unless(
    !/docker build|ecs-build\.yml/.test(
      withoutComments(output.text('python', 'deploy.yml')),
    ),
    'python: deploy.yml builds',
  ),
  ...unless(
    /^\s+if: github\.event_name == 'pull_request'$/m.test(
      output.text('python', 'ci.yml'),
    ),
    'python: main builds for the check too',
  ),
];

const deploymentIsCalled: Check = output => {
  const deploy = output.workflow('python', 'deploy.yml');
  return [
    ...unless(
      Object.keys(deploy.on).every(event =>
        ['workflow_call', 'workflow_dispatch'].includes(event),
      ),
      'python: deploy.yml starts by itself',
    ),
    ...unless(
      output.job('python', 'ci.yml', 'deploy').uses ===
        './.github/workflows/deploy.yml',
      'python: ci.yml does not call deploy.yml',
    ),
  ];
};

const taskDefinitionIsAForm: Check = output =>
  unless(
    !/arn:aws|\d{12}|sha256/.test(
      output.text('python', 'infra/ecs/task-definition.json'),
    ),
    'python: the task definition names an account',
  );

const packagesHaveHashes: Check = output => [
  ...unless(
    /--hash=sha256:/.test(output.text('python', 'requirements.lock')),
    'python: the lock file has no hashes',
  ),
  ...commands(output, 'python')
    .filter(([, text]) => /pip install (?![^\n]*--require-hashes)/.test(text))
    .map(([path]) => `${path}: installs without looking at hashes`),
  ...unless(
    /pip install [^\n]*--require-hashes/.test(
      output.text('python', 'docker/Dockerfile'),
    ),
    'python: the image installs without hashes',
  ),
];

const scansAndMessagesAreThere: Check = output => [
  ...unless(
    /trivy-action/.test(output.text('python', 'security.yml')),
    'python: dependencies are not scanned',
  ),
  ...callsOf(output.workflows('python'), 'ecs-deploy.yml').flatMap(
    ({ job, where }) => [
      ...unless(
        /^\[".+"\]$/.test(String(job.with?.['migrate-command'])),
        `${where}: does not migrate`,
      ),
      ...unless(
        /DATADOG_API_KEY.*SLACK_BOT_TOKEN/.test(
          JSON.stringify(job.secrets ?? {}),
        ),
        `${where}: neither sets a marker nor tells anybody`,
      ),
    ],
  ),
];

export const TASK_CHECKS = {
  nodeIsCurrent,
  containersDoNotMigrate,
  generatedAtBuild,
  healthIsInTheDefinition,
  tasksArePrivate,
  deploymentsUndoThemselves,
  deploymentNeverBuilds,
  deploymentIsCalled,
  taskDefinitionIsAForm,
  packagesHaveHashes,
  scansAndMessagesAreThere,
  jobsHaveAnEnd: rule('jobsHaveAnEnd'),
  runnersAreFixed: rule('runnersAreFixed'),
  runsAreGrouped: rule('runsAreGrouped'),
} satisfies Record<string, Check>;
