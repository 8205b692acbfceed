import { SERVICES, type Repository } from './decisionsOutput';
import {
  ancestors,
  callsOf,
  commands,
  jobsOf,
  stepsOf,
  unless,
  type Check,
} from './decisionsProof';

/** Tests and gates, and how the database is migrated in them. */

/** What has to succeed before the first deployment of a commit. */
const BEFORE: readonly (readonly [
  Repository,
  string,
  string,
  readonly string[],
])[] = [
  [
    'node',
    'pipeline.yml',
    'deploy-staging',
    ['quality', 'unit-tests', 'integration-tests', 'sast', 'build'],
  ],
  [
    'monorepo',
    'pipeline.yml',
    'deploy-staging',
    ['quality', 'unit-tests', 'integration-tests', 'sast', 'build'],
  ],
  [
    'python',
    'ci.yml',
    'deploy',
    ['lint', 'types', 'unit', 'integration', 'build'],
  ],
  [
    'worker',
    'app-deploy.yml',
    'deploy-dev',
    ['secrets', 'test', 'build', 'infra'],
  ],
  [
    'terraform',
    'ci.yml',
    'staging',
    [
      'secrets',
      'backend',
      'backend-integration',
      'frontend',
      'e2e-unit',
      'build-backend',
      'build-frontend',
      'gate',
    ],
  ],
];

const testsComeFirst: Check = output =>
  BEFORE.flatMap(([repository, file, job, wanted]) => {
    const before = ancestors(output.workflow(repository, file), job);
    return wanted
      .filter(name => !before.has(name))
      .map(name => `${repository}: ${file} ${job} does not wait for ${name}`);
  });

const databaseIsReachable: Check = output =>
  jobsOf(output.workflows()).flatMap(({ job, where }) =>
    Object.entries(job.services ?? {}).flatMap(([name, service]) => [
      ...unless(
        (service as { ports?: unknown[] }).ports?.includes('5432:5432') ===
          true,
        `${where}: ${name} has no port`,
      ),
      ...unless(
        /@sha256:/.test(service.image),
        `${where}: ${name} is not a service by its digest`,
      ),
    ]),
  );

const migratorIsLocked: Check = output => [
  ...(
    [
      ['node', 'package-lock.json'],
      ['monorepo', 'package-lock.json'],
      ['worker', 'app/package-lock.json'],
      ['terraform', 'backend/package-lock.json'],
    ] as const
  ).flatMap(([repository, path]) =>
    unless(
      /"node_modules\/node-pg-migrate"/.test(output.text(repository, path)),
      `${repository}: the migrator is not locked`,
    ),
  ),
  ...unless(
    /^alembic==/m.test(output.text('python', 'requirements.lock')),
    'python: the migrator is not locked',
  ),
  ...commands(output, ...SERVICES)
    .filter(([, text]) => /flyway|npx (?!--no-install)/.test(text))
    .map(([path]) => `${path}: runs a program that no lock file holds`),
  ...SERVICES.flatMap(repository =>
    output
      .paths(repository, /(^|\/)migrations\/.*\.(js|sql|py)$/)
      .filter(path =>
        /CREATE TABLE IF NOT EXISTS/i.test(output.text(repository, path)),
      )
      .map(path => `${repository}: ${path} does not know whether it ran`),
  ),
];

const sameMigration: Check = output =>
  (
    [
      [
        'node',
        'pipeline.yml',
        '["npm", "run", "migrate"]',
        'pipeline.yml',
        'npm run migrate',
      ],
      [
        'python',
        'deploy.yml',
        '["python","-m","app.migrate"]',
        'ci.yml',
        'python -m app.migrate',
      ],
      [
        'worker',
        'app-deploy.yml',
        '["node","src/migrate.js"]',
        'scripts/smoke-test.sh',
        'node src/migrate.js',
      ],
    ] as const
  ).flatMap(([repository, file, deployed, tested, command]) => [
    ...callsOf([output.workflow(repository, file)], 'ecs-deploy.yml')
      .filter(({ job }) => job.with?.['migrate-command'] !== deployed)
      .map(
        ({ where }) => `${where}: migrates with something else than the tests`,
      ),
    ...unless(
      output.text(repository, tested).includes(command),
      `${repository}: ${tested} does not migrate with ${command}`,
    ),
  ]);

const auditsHaveALock: Check = output =>
  ([...SERVICES, 'monorepo'] as const).flatMap(repository =>
    stepsOf(output.workflows(repository))
      .filter(({ step }) => /npm audit/.test(step.run ?? ''))
      .flatMap(({ step, job, where }) => {
        const folder =
          /--prefix "?([\w./$-]+)"?/.exec(step.run ?? '')?.[1] ?? '.';
        const folders =
          folder === '$PART' ? ['backend', 'frontend', 'e2e'] : [folder];
        return [
          ...unless(
            job.steps?.some(({ uses = '' }) =>
              uses.startsWith('actions/setup-node@'),
            ) === true,
            `${where}: audits with any npm`,
          ),
          ...folders
            .filter(
              path =>
                output.find(
                  repository,
                  path === '.'
                    ? 'package-lock.json'
                    : `${path}/package-lock.json`,
                ) === undefined,
            )
            .map(path => `${where}: ${path} has no lock file`),
        ];
      }),
  );

const thresholdsLieInConfig: Check = output => [
  ...output
    .workflows(...SERVICES)
    .filter(({ text }) =>
      /coverage-?threshold|--lines|test-coverage-lines/i.test(text),
    )
    .map(({ path }) => `${path}: holds the threshold of the coverage`),
  ...unless(
    /"check-coverage": true/.test(output.text('node', '.c8rc.json')),
    'node: no threshold of the coverage',
  ),
  ...(['worker', 'terraform'] as const).flatMap(repository =>
    unless(
      /test-coverage-lines=\d+/.test(
        output.text(
          repository,
          repository === 'worker' ? 'app/package.json' : 'backend/package.json',
        ),
      ),
      `${repository}: no threshold of the coverage`,
    ),
  ),
];

const gateAlwaysReports: Check = output =>
  ([...SERVICES, 'monorepo'] as const).flatMap(repository => {
    const gates = jobsOf(output.workflows(repository)).filter(
      ({ job }) => job.name === 'Gate',
    );
    const required = /requiredChecks: \[Gate\]/.test(
      output.text(repository, 'template.yaml'),
    );
    return [
      ...unless(
        gates.length === 1 && required,
        `${repository}: the required check is not the gate`,
      ),
      ...gates.flatMap(({ workflow, job, where }) => [
        ...unless(
          String(job.if) === 'always()',
          `${where}: does not report when something is skipped`,
        ),
        ...unless(
          !/paths/.test(JSON.stringify(workflow.on.pull_request ?? {})),
          `${where}: does not report when a path does not match`,
        ),
      ]),
      ...unless(
        output
          .workflows(repository)
          .some(
            ({ on, text }) =>
              'schedule' in on && /codeql-action\/analyze/.test(text),
          ),
        `${repository}: nobody looks at code that does not change`,
      ),
    ];
  });

const pathsNameTheirInputs: Check = output =>
  output.workflows().flatMap(({ path, on }) => {
    const file = path.split(' ')[1];
    return ['push', 'pull_request'].flatMap(event => {
      const paths = (on[event] as { paths?: string[] } | null)?.paths;
      if (!paths) return [];
      const builds = /pipeline|app-deploy/.test(file);
      return [
        ...unless(
          paths.includes(`.github/workflows/${file}`),
          `${path}: a change of the workflow itself goes unseen`,
        ),
        ...unless(
          !builds ||
            ['package-lock.json', 'app/**'].some(wanted =>
              paths.includes(wanted),
            ),
          `${path}: a change of the lock file goes unseen`,
        ),
        ...unless(
          path !== 'monorepo: pipeline.yml' ||
            paths.includes('packages/utils/**'),
          `${path}: a change of shared code goes unseen`,
        ),
      ];
    });
  });

const testsAreRequired: Check = output => {
  const { needs } = output.job('worker', 'app-pr.yml', 'gate');
  return [
    ...unless(
      ['quality', 'integration', 'image', 'infra'].every(name =>
        [needs ?? []].flat().includes(name),
      ),
      'worker: the gate leaves tests out',
    ),
    ...stepsOf(output.workflows('worker'))
      .filter(
        ({ step }) =>
          step['continue-on-error'] !== undefined ||
          /--if-present|\|\| true/.test(step.run ?? ''),
      )
      .map(({ where }) => `${where}: a test that may be missing or fail`),
  ];
};

export const TEST_CHECKS = {
  testsComeFirst,
  databaseIsReachable,
  migratorIsLocked,
  sameMigration,
  auditsHaveALock,
  thresholdsLieInConfig,
  gateAlwaysReports,
  pathsNameTheirInputs,
  testsAreRequired,
} satisfies Record<string, Check>;
