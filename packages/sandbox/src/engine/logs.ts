import type { JobRecord, StepRecord } from '../state';
import { hashUnit } from './random';

const ESC = '\u001b';

interface Topic {
  match: RegExp;
  /** Script shown in the group header, when the step has a name of its own. */
  script: string;
  lines: string[];
  failure: string[];
}

const TOPICS: Topic[] = [
  {
    match: /checkout/i,
    script: 'actions/checkout',
    lines: [
      'Syncing repository',
      'Temporarily overriding HOME before making global git config changes',
      '[command]/usr/bin/git -c protocol.version=2 fetch --no-tags --prune --depth=1 origin',
      `${ESC}[33mHEAD is now at the revision of this run${ESC}[0m`,
    ],
    failure: ['fatal: could not read from remote repository'],
  },
  {
    match: /configure-aws-credentials|credentials/i,
    script: 'aws-actions/configure-aws-credentials',
    lines: [
      'Assuming role with OIDC',
      'AWS_ACCESS_KEY_ID: ***',
      'AWS_SESSION_TOKEN: ***',
      'Authenticated as assumedRoleId AROA***:gha',
    ],
    failure: [
      'Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity',
    ],
  },
  {
    match: /npm ci|install/i,
    script: 'npm ci --ignore-scripts',
    lines: [
      'added 612 packages, and audited 615 packages in 9s',
      `${ESC}[32mfound 0 vulnerabilities${ESC}[39m`,
    ],
    failure: [
      'npm error code ERESOLVE',
      'npm error ERESOLVE could not resolve dependency tree',
    ],
  },
  {
    match: /migrat/i,
    script: 'npm run migrate',
    lines: [
      'DATABASE_URL=***',
      'Applying migration 0042_add_settlement_index',
      'All migrations applied',
    ],
    failure: ['error: canceling statement due to lock timeout'],
  },
  {
    match: /lint|format|typecheck|type check|ruff|mypy/i,
    script: 'npm run lint && npm run typecheck',
    lines: [
      'Checking 214 files',
      `${ESC}[32m✔${ESC}[39m no problems in 214 files`,
    ],
    failure: [
      `${ESC}[31mservices/api/src/payments.ts${ESC}[39m`,
      "  41:9  error  'amount' is assigned a value but never used  no-unused-vars",
      '✖ 1 problem (1 error, 0 warnings)',
    ],
  },
  {
    match: /smoke|health/i,
    script: './scripts/smoke-test.sh "$SERVICE_URL"',
    lines: [
      'SMOKE_TEST_API_KEY: ***',
      'GET /health 200 in 38 ms',
      'POST /payments (dry run) 202 in 112 ms',
      'smoke test passed',
    ],
    failure: [
      'SMOKE_TEST_API_KEY: ***',
      'GET /health 200 in 41 ms',
      'POST /payments (dry run) 500 in 1204 ms',
    ],
  },
  {
    match: /test|pytest|jest|e2e/i,
    script: 'npm test -- --coverage',
    lines: [
      `${ESC}[1m${ESC}[42m PASS ${ESC}[49m${ESC}[22m src/payments.test.ts`,
      `${ESC}[1m${ESC}[42m PASS ${ESC}[49m${ESC}[22m src/settlement.test.ts`,
      `${ESC}[1m${ESC}[42m PASS ${ESC}[49m${ESC}[22m src/health.test.ts`,
      `${ESC}[1mTests:${ESC}[22m  ${ESC}[32m148 passed${ESC}[39m, 148 total`,
    ],
    failure: [
      `${ESC}[1m${ESC}[41m FAIL ${ESC}[49m${ESC}[22m src/settlement.test.ts`,
      '  ● settlement › rounds half a cent to even',
      '    expect(received).toBe(expected)',
      '    Expected: 1204',
      '    Received: 1205',
      `${ESC}[1mTests:${ESC}[22m  ${ESC}[31m1 failed${ESC}[39m, 147 passed, 148 total`,
    ],
  },
  {
    match: /trivy|codeql|scan|audit|gitleaks/i,
    script: 'scan',
    lines: ['Scanning…', '0 critical, 0 high, 3 medium (not fixed yet)'],
    failure: [
      'libssl3  CVE  HIGH  fixed in 3.0.17-1',
      'Total: 1 (HIGH: 1, CRITICAL: 0)',
    ],
  },
  {
    match: /build|docker|push/i,
    script: 'docker build --pull .',
    lines: [
      '#1 [internal] load build definition from Dockerfile',
      '#5 [deps 2/3] RUN npm ci --omit=dev',
      '#5 CACHED',
      '#8 exporting to image',
      '#8 writing image done',
    ],
    failure: ['ERROR: failed to solve: process "/bin/sh -c npm run compile"'],
  },
  {
    match: /deploy|ecs|cdk|terraform|roll/i,
    script: 'aws ecs update-service',
    lines: [
      'Task definition registered',
      'Deployment started. Waiting for the service to become stable…',
      'deployment PRIMARY: 1 of 2 tasks healthy',
      'deployment PRIMARY: 2 of 2 tasks healthy',
      'Service is stable',
    ],
    failure: [
      'Task definition registered',
      'Deployment started. Waiting for the service to become stable…',
      '(service) deployment failed: tasks failed to start.',
    ],
  },
];

/** Steps that work with AWS write their own lines; only what stands above them comes from here. */
const SCRIPTS: [RegExp, string][] = [
  [
    /^record what is running/i,
    'aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE"',
  ],
  [/^render /i, 'aws-actions/amazon-ecs-render-task-definition'],
  [/^deploy to ecs/i, 'aws-actions/amazon-ecs-deploy-task-definition'],
  [/^push |docker/i, 'docker push'],
  [/^wait/i, 'aws ecs wait services-stable'],
];

const PLAIN: Topic = {
  match: /^/,
  script: 'true',
  lines: ['Done'],
  failure: ['The command ended with an error'],
};

const SETUP = [
  "Current runner version: '2.335.1'",
  '##[group]Runner Image',
  'Image: ubuntu-24.04',
  '##[endgroup]',
  '##[group]GITHUB_TOKEN Permissions',
  'Contents: read',
  'Metadata: read',
  '##[endgroup]',
  'Secret source: Actions',
  'Prepare workflow directory',
  'Prepare all required actions',
];

const FAILED = '##[error]Process completed with exit code 1.';
const CANCELLED = '##[error]The operation was canceled.';

const topicOf = (step: StepRecord) =>
  TOPICS.find(({ match }) => match.test(step.name)) ?? PLAIN;

const scriptOf = (step: StepRecord) =>
  SCRIPTS.find(([match]) => step.effect && match.test(step.name))?.[1] ??
  topicOf(step).script;

/** The folded lines above what a step writes. */
function head(step: StepRecord): string[] {
  const title = step.name.startsWith('Run ')
    ? step.name
    : `Run ${scriptOf(step)}`;
  return [
    `##[group]${title}`,
    `${ESC}[36;1m${title.slice(4)}${ESC}[0m`,
    'shell: /usr/bin/bash -e {0}',
    'env:',
    '  GH_TOKEN: ***',
    '##[endgroup]',
  ];
}

function body(step: StepRecord): string[] {
  if (step.name === 'Set up job') return SETUP;
  if (step.name === 'Complete job') return ['Cleaning up orphan processes'];
  if (step.name.startsWith('Post ')) return ['Post job cleanup.'];
  const { lines, failure } = topicOf(step);
  if (step.conclusion === 'failure') return [...head(step), ...failure, FAILED];
  if (step.conclusion === 'cancelled') {
    return [...head(step), lines[0], CANCELLED];
  }
  return [...head(step), ...lines];
}

/** GitHub writes seven digits behind the second. */
function stamp(at: number, salt: number): string {
  const digits = String(Math.floor(salt * 10_000)).padStart(4, '0');
  return new Date(at).toISOString().replace('Z', `${digits}Z`);
}

/** What a step that works with AWS wrote while it did. */
function effectLog(job: JobRecord, step: StepRecord): string[] {
  const { startedAt, completedAt, effect, conclusion } = step;
  const at = startedAt ?? 0;
  const own = effect?.lines ?? [];
  const lines = [...head(step).map(text => ({ at, text })), ...own];
  const end = completedAt ?? at;
  if (conclusion === 'failure') lines.push({ at: end, text: FAILED });
  if (conclusion === 'cancelled') lines.push({ at: end, text: CANCELLED });
  return lines.map((line, index) => {
    const salt = hashUnit(job.id, step.number, index);
    // Many are written in the same millisecond: the digits behind it keep their order.
    return `${stamp(line.at, (index + salt) / lines.length)} ${line.text}\n`;
  });
}

/**
 * Log of a job until `now`, one time-stamped line each, made from the records alone: a finished job always has the
 * same log, a running one as many lines as its steps are old.
 */
export function jobLog(job: JobRecord, now: number, speed: number): string {
  const log: string[] = [];
  for (const step of job.steps) {
    const { startedAt, completedAt } = step;
    if (startedAt === null || step.conclusion === 'skipped') continue;
    if (step.effect) {
      log.push(...effectLog(job, step));
      continue;
    }
    const lines = body(step);
    const open = completedAt === null;
    // How long a step under way will take is not in its record; lines come at an even pace instead.
    const pace = 12_000 / speed;
    const length = open ? pace * lines.length : completedAt - startedAt;
    lines.forEach((line, index) => {
      const at = startedAt + Math.round((length * index) / lines.length);
      if (open && at > now) return;
      log.push(`${stamp(at, hashUnit(job.id, step.number, index))} ${line}\n`);
    });
  }
  return log.join('');
}
