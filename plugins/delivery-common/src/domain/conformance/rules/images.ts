import type { ConformanceFacts, RuleAnswer } from '../facts';
import type { Pipeline, PipelineJob, PipelineStep } from '../Pipeline';
import { deploys, isManual, makesImage, pushes } from '../recognise';
import { at, called, distinct, fail, pass, unknown } from '../tell';

const SCANNER =
  /^(aquasecurity\/trivy-action|anchore\/scan-action|snyk\/actions\/docker|docker\/scout-action)@/i;
const SCANNING =
  /\b(trivy (image|rootfs|fs)|grype|snyk container test|docker scout cves)\b/;
const MUTABLE =
  /[\w/.}-]:(latest|stable|prod(uction)?|staging|dev)\b|--force-new-deployment\b/;

/** Jobs that put an image into a registry, and not by hand. */
const pushingJobs = ({ jobs }: Pipeline) =>
  jobs.filter(job => !isManual(job) && job.steps.some(pushes));

/** What tells images apart, as far as the files do. */
function imageOf({ inputs, steps }: PipelineJob): string {
  if (inputs.repository) return inputs.repository;
  const making = steps.find(makesImage);
  const named = /(?:-f|--file)[ =]+"?([\w./-]+)/.exec(making?.run ?? '')?.[1];
  return (
    named ??
    making?.with.file ??
    making?.with.context ??
    /\bdocker (?:buildx )?build\b[^\n]*?\s([\w./-]+)\s*$/m.exec(
      making?.run ?? '',
    )?.[1] ??
    '.'
  );
}

/** What is tested is what runs: an image is made once and named by its digest. */
export function buildOnce(
  pipeline: Pipeline,
  _facts: ConformanceFacts,
): RuleAnswer {
  const jobs = pushingJobs(pipeline);
  const byImage = new Map<string, PipelineJob[]>();
  for (const job of jobs) {
    const image = imageOf(job);
    byImage.set(image, [...(byImage.get(image) ?? []), job]);
  }
  const twice = [...byImage.values()].filter(list => list.length > 1).flat();
  const movable = pipeline.jobs
    .filter(job => !isManual(job))
    .flatMap(({ steps }) => steps)
    .filter(step => (deploys(step) || pushes(step)) && MUTABLE.test(step.run));
  const evidence = distinct([
    ...twice.map(job =>
      at(job, `${called(job)} makes an image that another job makes as well.`),
    ),
    ...movable.map(step =>
      at(
        step,
        'Names an image by a tag that moves, or starts what happens to be there.',
      ),
    ),
  ]);
  if (evidence.length > 0) {
    return fail(
      'Make the image once on the main branch, hand its digest from job to job (`<registry>/<name>@sha256:…`), and deploy exactly that everywhere.',
      evidence,
    );
  }
  if (jobs.length === 0)
    return unknown(
      'No job puts an image into a registry in a way this check knows.',
    );
  return pass(
    ...distinct(
      jobs.map(job => at(job, `${called(job)} makes the image, once.`)),
    ),
  );
}

/** A scan that lets findings pass is none. */
function scans({ uses, run, with: inputs, ...step }: PipelineStep): boolean {
  if (uses !== undefined && SCANNER.test(uses)) {
    // By itself this action only prints; the others fail.
    return !uses.includes('trivy-action@') || inputs['exit-code'] === '1';
  }
  if (!SCANNING.test(run) || step.if === 'false') return false;
  return !/\btrivy\b/.test(run) || /--exit-code[ =]1\b/.test(run);
}

/** Nothing gets into the registry that was not looked through. */
export function scanBeforePush(
  pipeline: Pipeline,
  _facts: ConformanceFacts,
): RuleAnswer {
  const jobs = pushingJobs(pipeline);
  if (jobs.length === 0)
    return unknown(
      'No job puts an image into a registry in a way this check knows.',
    );
  const checked = jobs.map(job => {
    const first = job.steps.findIndex(pushes);
    return {
      job,
      scan: job.steps.slice(0, first).find(scans),
      push: job.steps[first],
    };
  });
  const bare = checked.filter(({ scan }) => scan === undefined);
  if (bare.length > 0) {
    return fail(
      'Scan the image in the same job before it is pushed, and let findings fail the job (trivy-action: `exit-code: "1"`, `severity: CRITICAL,HIGH`).',
      distinct(
        bare.map(({ job, push }) =>
          at(push, `${called(job)} pushes an image that no scan can stop.`),
        ),
      ),
    );
  }
  return pass(
    ...distinct(
      checked.flatMap(({ scan }) =>
        scan ? [at(scan, 'Scans before the push, and fails on findings.')] : [],
      ),
    ),
  );
}
