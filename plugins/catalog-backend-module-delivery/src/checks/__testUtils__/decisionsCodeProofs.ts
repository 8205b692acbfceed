import { addStep, swap, type Proofs } from './decisionsProof';

/** Defects that the checks of decisionsTests.ts and decisionsTasks.ts have to see. */

const python = (file: string, from: RegExp | string, to: string) =>
  swap('python', file, from, to);
const node = (file: string, from: RegExp | string, to: string) =>
  swap('node', file, from, to);
const SERVICE = 'infra/terraform/service.tf';
const TASK = 'infra/ecs/task-definition.json';

export const CODE_PROOFS: Proofs = {
  'V-20': [
    [
      'testsComeFirst',
      node(
        'pipeline.yml',
        'needs: [build, unit-tests, integration-tests, sast]',
        'needs: [build, unit-tests, sast]',
      ),
    ],
  ],
  'V-23': [
    [
      'databaseIsReachable',
      node('pipeline.yml', /^ *ports: \['5432:5432'\]\n/m, ''),
    ],
  ],
  'V-24': [
    [
      'migratorIsLocked',
      addStep('node', 'pipeline.yml', '{ run: npx flyway migrate }'),
    ],
  ],
  'V-25': [
    [
      'sameMigration',
      node(
        'pipeline.yml',
        `migrate-command: '["npm", "run", "migrate"]'`,
        `migrate-command: '["flyway", "migrate"]'`,
      ),
    ],
  ],
  'V-26': [
    [
      'auditsHaveALock',
      swap(
        'monorepo',
        'pipeline.yml',
        'npm audit --audit-level',
        'npm audit --prefix services/shipping-quotes --audit-level',
      ),
    ],
  ],
  'V-27': [
    [
      'thresholdsLieInConfig',
      node(
        'pipeline.yml',
        'run: npm run test:unit',
        'run: jest --coverageThreshold 90',
      ),
    ],
  ],
  'V-29': [
    [
      'gateAlwaysReports',
      swap(
        'monorepo',
        'pipeline.yml',
        /pull_request: .*\n/,
        "pull_request:\n    paths: ['services/**']\n",
      ),
    ],
    ['gateAlwaysReports', node('codeql-weekly.yml', / {2}schedule:\n.*\n/, '')],
  ],
  'V-30': [
    [
      'pathsNameTheirInputs',
      swap('monorepo', 'pipeline.yml', /^ *- package-lock\.json\n/m, ''),
    ],
    [
      'pathsNameTheirInputs',
      swap('monorepo', 'pipeline.yml', /^ *- packages\/utils\/\*\*\n/m, ''),
    ],
  ],
  'V-35': [
    ['jobsHaveAnEnd', node('pipeline.yml', /^ *timeout-minutes: 15\n/m, '')],
    ['runnersAreFixed', node('pipeline.yml', 'ubuntu-24.04', 'ubuntu-latest')],
    ['nodeIsCurrent', node('.nvmrc', /24/, '20')],
  ],
  'C-1': [
    [
      'deploymentNeverBuilds',
      addStep(
        'python',
        'deploy.yml',
        '{ run: docker build --tag candidate:local . }',
      ),
    ],
  ],
  'C-2': [
    [
      'deploymentIsCalled',
      python(
        'deploy.yml',
        '  workflow_dispatch:\n',
        '  push:\n    branches: [main]\n  workflow_dispatch:\n',
      ),
    ],
  ],
  'C-3': [
    [
      'taskDefinitionIsAForm',
      python(
        TASK,
        '${execution_role_arn}',
        'arn:aws:iam::444444444444:role/execution',
      ),
    ],
  ],
  'C-4': [
    [
      'tasksArePrivate',
      python(SERVICE, 'assign_public_ip = false', 'assign_public_ip = true'),
    ],
  ],
  'C-5': [
    [
      'deploymentsUndoThemselves',
      python(
        SERVICE,
        /(deployment_circuit_breaker \{\s+enable\s+= true\s+rollback = )true/,
        'deployment_circuit_breaker {\n    enable = false',
      ),
    ],
  ],
  'C-6': [
    [
      'healthIsInTheDefinition',
      python(TASK, '"healthCheck"', '"dockerHealthCheck"'),
    ],
  ],
  'C-7': [
    ['packagesHaveHashes', python('ci.yml', ' --require-hashes', '')],
    [
      'packagesHaveHashes',
      python('docker/Dockerfile', ' --require-hashes', ''),
    ],
  ],
  'C-8': [
    [
      'scansAndMessagesAreThere',
      python('deploy.yml', /^ *migrate-command: .*\n/m, ''),
    ],
    [
      'scansAndMessagesAreThere',
      python('security.yml', /trivy-action/g, 'cache'),
    ],
  ],
  'F-13': [
    [
      'migratorIsLocked',
      swap(
        'worker',
        'app/package-lock.json',
        '"node_modules/node-pg-migrate"',
        '"node_modules/none"',
      ),
    ],
  ],
  'F-15': [
    [
      'testsAreRequired',
      swap(
        'worker',
        'app-pr.yml',
        'needs: [secrets, changes, quality, integration, image, infra]',
        'needs: [secrets, changes, quality]',
      ),
    ],
    [
      'testsAreRequired',
      swap(
        'worker',
        'app-pr.yml',
        'run: npm run test:integration',
        'run: npm run test:integration --if-present',
      ),
    ],
  ],
  'F-17': [
    [
      'deploymentsUndoThemselves',
      swap(
        'worker',
        'infra/lib/workerService.ts',
        'ROLLBACK_ON_ALARM',
        'FAIL_ON_ALARM',
      ),
    ],
  ],
  'E-3': [
    [
      'databaseIsReachable',
      swap('terraform', 'ci.yml', /image: postgres\S+/, 'image: postgres:17'),
    ],
  ],
  'E-12': [
    [
      'containersDoNotMigrate',
      swap(
        'terraform',
        'backend/Dockerfile',
        'CMD ["node", "dist/main.js"]',
        'CMD ["sh", "-c", "node dist/migrate.js && node dist/main.js"]',
      ),
    ],
  ],
  'E-13': [
    [
      'generatedAtBuild',
      addStep(
        'terraform',
        'cd-staging.yml',
        '{ run: npx --no-install prisma generate }',
      ),
    ],
  ],
  'K-4': [
    [
      'jobsHaveAnEnd',
      swap('terraform', 'drift.yml', /^ *timeout-minutes: 30\n/m, ''),
    ],
    [
      'runsAreGrouped',
      swap('worker', 'rollback.yml', /^concurrency:\n( {2}.*\n)+/m, ''),
    ],
  ],
};
