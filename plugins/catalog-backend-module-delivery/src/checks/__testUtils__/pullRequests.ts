import type { Job, Workflow } from './workflows';

const list = (value: string | readonly string[] | undefined) =>
  value === undefined ? [] : [value].flat();

const ELSEWHERE =
  /github\.event_name\s*==\s*'(push|schedule|workflow_dispatch)'|github\.event_name\s*!=\s*'pull_request'|github\.ref(_name)?\s*==\s*'(refs\/heads\/)?(main|develop)'/;

/** Conditions that let a job run although one that it needs did not. */
const REGARDLESS = /always\(\)|failure\(\)|cancelled\(\)/;

/** Jobs without whose success or output a condition is never true. */
function needsResultOf(condition: string): string[] {
  if (condition.includes('||')) return [];
  return [
    ...condition.matchAll(
      /needs\.([\w-]+)\.(?:outputs\.[\w-]+|result)\s*==\s*'(?:success|true)'/g,
    ),
  ].map(([, needed]) => needed);
}

/** Whether a job of a workflow can run for a pull request, read from its condition and those of the jobs that it needs. */
export function runsForPulls(workflow: Workflow, name: string): boolean {
  if (!('pull_request' in workflow.on)) return false;
  const job: Job | undefined = workflow.jobs[name];
  if (!job) return false;
  const condition = String(job.if ?? '');
  if (ELSEWHERE.test(condition) && !condition.includes('||')) return false;
  if (
    needsResultOf(condition).some(needed => !runsForPulls(workflow, needed))
  ) {
    return false;
  }
  if (REGARDLESS.test(condition)) return true;
  return list(job.needs).every(needed => runsForPulls(workflow, needed));
}

/** A plan or diff: the read-only role, and not for forks, which get no token. */
function readsAws(job: Job): boolean {
  const roles = (job.steps ?? [])
    .filter(({ uses = '' }) => uses.includes('configure-aws-credentials@'))
    .map(step => String(step.with?.['role-to-assume']));
  const notForForks =
    /head\.repo\.(full_name\s*==\s*github\.repository|fork\s*==\s*false)|!\s*github\.event\.pull_request\.head\.repo\.fork/;
  return (
    roles.length > 0 &&
    roles.every(role =>
      /vars(\.AWS_PLAN_ROLE_ARN_|\[format\('AWS_PLAN_ROLE_ARN_)|matrix\./.test(
        role,
      ),
    ) &&
    notForForks.test(String(job.if ?? ''))
  );
}

/** What jobs that run for a pull request may do beyond reading: a sentence for each right that is too much. */
export function tooMuchForPulls(workflow: Workflow): string[] {
  return Object.entries(workflow.jobs)
    .filter(([name]) => runsForPulls(workflow, name))
    .flatMap(([name, job]) => {
      const rights = typeof job.permissions === 'object' ? job.permissions : {};
      const analyses = (job.steps ?? []).some(({ uses = '' }) =>
        uses.startsWith('github/codeql-action/'),
      );
      return Object.entries(rights)
        .filter(([scope, level]) => {
          if (level !== 'write') return false;
          if (scope === 'security-events') return !analyses;
          return scope !== 'id-token' || !readsAws(job);
        })
        .map(
          ([scope]) =>
            `${workflow.path} ${name}: ${scope}: write for a pull request`,
        );
    });
}
