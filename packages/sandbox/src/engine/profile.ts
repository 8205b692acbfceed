/** Where a job belongs, for profiles that differ between services. */
export interface JobFacts {
  /** `owner/name`. */
  repo: string;
  /** `.github/workflows/x.yml` of the run. */
  workflow: string;
  /** Key path in the workflow files, `deploy-staging/deploy`. */
  key: string;
  name: string;
  event: string;
}

/** What a profile can see of a step. */
export interface StepFacts {
  name: string;
  uses?: string;
  run?: string;
}

/** Decides how long things take and how often they go wrong. All durations are real-world seconds. */
export interface Profile {
  /** Usual seconds of a step, before chance and before the division by the speed factor. */
  seconds(step: StepFacts, job: JobFacts): number;
  /** Chance that a job fails, 0 to 1. */
  failureChance(job: JobFacts): number;
  /** Chance that a job hangs until its time limit, 0 to 1. */
  hangChance(job: JobFacts): number;
}

const ACTIONS: [RegExp, number][] = [
  [/^actions\/checkout@/, 6],
  [/^actions\/setup-/, 12],
  [/^hashicorp\/setup-/, 6],
  [/^docker\/setup-buildx-action@/, 8],
  [/^docker\/build-push-action@/, 85],
  [/configure-aws-credentials@/, 3],
  [/amazon-ecr-login@/, 3],
  [/amazon-ecs-render-task-definition@/, 2],
  [/amazon-ecs-deploy-task-definition@/, 140],
  [/codeql-action\/init@/, 20],
  [/codeql-action\/analyze@/, 110],
  [/trivy-action@/, 28],
  [/sbom-action@/, 14],
  [/upload-artifact@/, 5],
  [/download-artifact@/, 4],
  [/attest/, 7],
  [/slack/, 2],
];

const COMMANDS: [RegExp, number][] = [
  [/integration|testcontainers/i, 135],
  [/e2e|playwright|cypress/i, 120],
  [/coverage|unit|pytest|jest|\btests?\b/i, 95],
  [/secret scan|gitleaks/i, 18],
  [/lint and types/i, 55],
  [/typecheck|type check|tsc\b|mypy/i, 24],
  [/lint|eslint|ruff/i, 20],
  [/format|prettier/i, 8],
  [/audit|pip-audit|snyk/i, 9],
  [/cdk deploy|deploy stack/i, 140],
  [/execute-change-set|execute the change set/i, 110],
  [/cdk diff|cdk synth/i, 35],
  [/terraform (apply)/i, 70],
  [/terraform/i, 30],
  [/migrat/i, 32],
  [/wait|stable|roll ?out/i, 100],
  [/ecs update-service|deploy/i, 60],
  [/smoke|health/i, 22],
  [/docker build|build (image|the image)/i, 90],
  [/docker push|push/i, 24],
  [/npm ci|npm install|pip install|install/i, 32],
  [/build/i, 40],
];

/** Usual duration of a step by what it does. */
export function usualSeconds(step: StepFacts): number {
  if (step.uses) {
    const action = ACTIONS.find(([pattern]) => pattern.test(step.uses ?? ''));
    return action ? action[1] : 10;
  }
  const text = `${step.name}\n${step.run ?? ''}`;
  const named = COMMANDS.find(([pattern]) => pattern.test(step.name));
  const command = named ?? COMMANDS.find(([pattern]) => pattern.test(text));
  return command ? command[1] : 4;
}

/** How often the jobs of a repository fail, 0 to 1. */
export interface Health {
  tests: number;
  deployments: number;
  other: number;
  /** Factor on the usual durations. */
  pace: number;
}

const USUAL: Health = { tests: 0.03, deployments: 0.03, other: 0.008, pace: 1 };

/** The same durations, but nothing fails or hangs by itself. */
export function withoutFailures(profile: Profile): Profile {
  return { ...profile, failureChance: () => 0, hangChance: () => 0 };
}

/** Under this key of `state.saved` lies the health of each repository, by `owner/name`. */
export const HEALTH_KEY = 'health';

/** A profile from the health of each repository; one not in the table is as healthy as usual. */
export function healthProfile(table: Record<string, Health>): Profile {
  const of = (job: JobFacts) => table[job.repo] ?? USUAL;
  return {
    seconds: (step, job) => usualSeconds(step) * of(job).pace,
    failureChance: job => {
      const health = of(job);
      // What works in staging mostly works in production.
      if (/production/i.test(job.key)) return health.deployments * 0.6;
      if (/deploy|staging|\bdev\b/i.test(job.key)) return health.deployments;
      if (/test/i.test(job.key)) return health.tests;
      return health.other;
    },
    hangChance: () => 0.0005,
  };
}
