import type { JobRecord, RepoRecord, RunRecord } from '../state';
import type { StepContext } from './actions';
import {
  evaluateValue,
  interpolate,
  type ExpressionScope,
} from './expressions';
import type { StepSpec } from './workflowTypes';

/** A step with everything in it evaluated. @throws when an expression cannot be */
export function stepContext(
  repo: RepoRecord,
  run: RunRecord,
  job: JobRecord,
  spec: StepSpec,
  scope: ExpressionScope,
): StepContext {
  return {
    repo,
    run,
    environment: job.environment,
    id: spec.id,
    uses: spec.uses,
    run_: spec.run && interpolate(spec.run, scope),
    with: evaluateValue(spec.with, scope) as Record<string, unknown>,
    env: evaluateValue(spec.env, scope) as Record<string, unknown>,
    vars: (scope.contexts.vars ?? {}) as Record<string, string>,
  };
}

/** Environment variables of the step's shell: the runner's own that scripts use, then those of the job and the step. */
export function shellEnv(
  step: StepContext,
  scope: ExpressionScope,
): Record<string, string> {
  const { repo, run } = step;
  const own = {
    ...(scope.contexts.env as Record<string, unknown>),
    ...step.env,
  };
  return {
    GITHUB_SHA: run.headSha,
    GITHUB_REF_NAME: run.headBranch,
    GITHUB_REPOSITORY: `${repo.owner}/${repo.name}`,
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_ATTEMPT: String(run.attempts.length),
    ...Object.fromEntries(
      Object.entries(own).map(([name, value]) => [name, String(value ?? '')]),
    ),
  };
}
