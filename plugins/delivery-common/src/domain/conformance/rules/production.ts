import type { ConformanceFacts, RuleAnswer } from '../facts';
import type { Pipeline, PipelineJob } from '../Pipeline';
import {
  afterFailure,
  isInfrastructure,
  isManual,
  jobsBeside,
  productionJobs,
  rollsBack,
  ungatedJobs,
  deploys,
} from '../recognise';
import { at, called, distinct, fail, pass, unknown } from '../tell';

const NONE = 'No job deploys to production in a way this check knows.';

/** Deployments that come by themselves: jobs that only plan or roll back by hand are not meant. */
const deployments = (pipeline: Pipeline, facts: ConformanceFacts) => [
  ...productionJobs(pipeline, facts).filter(
    job =>
      !isManual(job) &&
      !isInfrastructure(job.environment ?? '') &&
      jobsBeside(job, pipeline).some(({ steps }) => steps.some(deploys)),
  ),
  ...ungatedJobs(pipeline).filter(job => !isManual(job)),
];

function automaticRollback(job: PipelineJob, pipeline: Pipeline) {
  for (const beside of jobsBeside(job, pipeline)) {
    for (const step of beside.steps) {
      const conditions = [...(step.if ? [step.if] : []), ...beside.conditions];
      if (rollsBack(step) && conditions.some(afterFailure)) return step;
    }
  }
  return undefined;
}

/** What goes wrong in production is taken back by the run itself. */
export function rollback(
  pipeline: Pipeline,
  facts: ConformanceFacts,
): RuleAnswer {
  const jobs = deployments(pipeline, facts);
  if (jobs.length === 0) return unknown(NONE);
  const found = jobs.map(job => ({
    job,
    step: automaticRollback(job, pipeline),
  }));
  const without = found.filter(({ step }) => step === undefined);
  if (without.length > 0) {
    return fail(
      'Note what runs before the deployment, and add a step that puts it back when the deployment or the smoke test fails or is cancelled (`if: failure() || cancelled()`).',
      distinct(
        without.map(({ job }) =>
          at(job, `${called(job)} leaves what went wrong in production.`),
        ),
      ),
    );
  }
  return pass(
    ...distinct(
      found.flatMap(({ step }) =>
        step ? [at(step, 'Takes a failed deployment back.')] : [],
      ),
    ),
  );
}

/** Two runs never deploy to one place at the same time, and none is broken off in the middle. */
export function environmentConcurrency(
  pipeline: Pipeline,
  _facts: ConformanceFacts,
): RuleAnswer {
  const jobs = [
    ...pipeline.jobs.filter(({ environment }) => environment !== undefined),
    ...ungatedJobs(pipeline),
  ];
  if (jobs.length === 0) return unknown(NONE);
  const evidence = jobs.flatMap(job => {
    const { concurrency } = job;
    if (!concurrency)
      return [at(job, `${called(job)} can run twice at the same time.`)];
    return concurrency.cancelInProgress === 'true'
      ? [
          at(
            job,
            `${called(
              job,
            )} is broken off by the next run, in the middle of a deployment.`,
          ),
        ]
      : [];
  });
  if (evidence.length > 0) {
    return fail(
      'Give each job that deploys a `concurrency` group of its service and environment, with `cancel-in-progress: false`.',
      distinct(evidence),
    );
  }
  const count = new Set(jobs.map(({ environment }) => environment)).size;
  return pass({
    text: `${
      count === 1 ? 'One environment' : `${count} environments`
    }, one deployment at a time in each.`,
  });
}

const READS_APPROVALS = /actions\/runs\/[^\s]*\/approvals\b|\/approvals\b/;
const NAMES_ACTOR =
  /approv\w*[^\n]{0,60}\$\{\{\s*github\.(triggering_)?actor\s*\}\}|approv\w*[^\n]{0,40}\$\{?GITHUB_ACTOR\b/i;

/** Who approved is found out from the record, by the run itself, and without it nothing is deployed. */
export function namedApprover(
  pipeline: Pipeline,
  facts: ConformanceFacts,
): RuleAnswer {
  const jobs = deployments(pipeline, facts);
  if (jobs.length === 0) return unknown(NONE);
  const wrong = jobs.flatMap(job =>
    jobsBeside(job, pipeline).flatMap(({ steps }) =>
      steps.filter(step =>
        [
          step.run,
          ...Object.values(step.with),
          ...Object.values(step.env),
        ].some(text => NAMES_ACTOR.test(text)),
      ),
    ),
  );
  const reading = jobs.map(job => {
    const until = job.steps.findIndex(deploys);
    const before = until < 0 ? job.steps : job.steps.slice(0, until);
    return { job, step: before.find(({ run }) => READS_APPROVALS.test(run)) };
  });
  const without = reading.filter(({ step }) => step === undefined);
  const evidence = distinct([
    ...wrong.map(step =>
      at(step, 'Calls whoever started the run its approver.'),
    ),
    ...without.map(({ job }) =>
      at(job, `${called(job)} does not ask who approved it.`),
    ),
  ]);
  if (evidence.length > 0) {
    return fail(
      'Read `GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals` before anything else, fail when nobody but the author approved this environment, and hand that name to notifications.',
      evidence,
    );
  }
  return pass(
    ...distinct(
      reading.flatMap(({ step }) =>
        step ? [at(step, 'Asks who approved, before it deploys.')] : [],
      ),
    ),
  );
}
