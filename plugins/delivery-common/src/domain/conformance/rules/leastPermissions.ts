import type { ConformanceFacts, RuleAnswer } from '../facts';
import type { Permissions, Pipeline, PipelineJob } from '../Pipeline';
import { at, called, distinct, fail, pass, unknown } from '../tell';

/** Findings of scanners: pull requests may report them. */
const HARMLESS = new Set([
  'security-events',
  'checks',
  'statuses',
  'pull-requests',
  'issues',
]);

const writesOf = (permissions: Permissions | undefined) =>
  typeof permissions === 'object'
    ? Object.keys(permissions).filter(name => permissions[name] === 'write')
    : [];

/** Whether a condition keeps the job from pull requests. */
const notForPulls = (condition: string) =>
  /event_name\s*(==\s*'(push|schedule|workflow_dispatch|workflow_call)'|!=\s*'pull_request')/.test(
    condition,
  ) ||
  /\bgithub\.ref(_name)?\s*==/.test(condition) ||
  /head\.repo\.(full_name|fork)/.test(condition);

function inPulls({ workflow, conditions, environment }: PipelineJob): boolean {
  return (
    workflow.triggers.some(name => name.startsWith('pull_request')) &&
    environment === undefined &&
    !conditions.some(notForPulls)
  );
}

/** A run's token may do what its job needs, and nothing for strangers. */
export function leastPermissions(
  { workflows, jobs }: Pipeline,
  { repository }: ConformanceFacts,
): RuleAnswer {
  if (workflows.length === 0) return unknown('There are no workflow files.');
  const silent = workflows.flatMap(workflow =>
    workflow.permissions === undefined &&
    workflow.jobs.some(({ permissions }) => permissions === undefined)
      ? [
          at(
            workflow,
            repository?.defaultPermissions === 'read'
              ? 'It does not say what its token may do; the repository lets it read everything.'
              : 'It does not say what its token may do.',
          ),
        ]
      : [],
  );
  const all = workflows.flatMap(workflow => [
    ...(workflow.permissions === 'write-all' ? [workflow] : []),
    ...workflow.jobs.filter(({ permissions }) => permissions === 'write-all'),
  ]);
  const inherits = workflows.flatMap(workflow => workflow.inherits);
  const strangers = workflows.filter(
    ({ triggers, jobs: own }) =>
      triggers.includes('pull_request_target') &&
      own.some(({ steps }) =>
        steps.some(({ uses }) => uses?.startsWith('actions/checkout@')),
      ),
  );
  const pulls = jobs.filter(inPulls).flatMap(job => {
    const rights = writesOf(job.permissions).filter(
      name => !HARMLESS.has(name),
    );
    return rights.length === 0
      ? []
      : [
          at(
            job,
            `Pull requests run ${called(job)} with ${rights.join(
              ', ',
            )}: write.`,
          ),
        ];
  });
  const evidence = distinct([
    ...silent,
    ...all.map(place => at(place, 'The token may write everything.')),
    ...inherits.map(place => at(place, 'All secrets are handed on.')),
    ...strangers.map(place =>
      at(
        place,
        'It checks out code of pull requests with the rights of the repository.',
      ),
    ),
    ...pulls,
  ]);
  if (evidence.length > 0) {
    return fail(
      'Put `permissions: {}` at the top of each workflow and give each job only what it needs; jobs of pull requests read only; name each secret instead of `secrets: inherit`.',
      evidence,
    );
  }
  return pass({
    text: 'Each job says what it may do; pull requests only read.',
  });
}
