import type { Run } from '../github/bodies';
import { findCommit } from '../github/commits';
import type { PersonClient } from '../github/PersonClient';
import { readRun } from '../github/runs';
import {
  check,
  fail,
  pass,
  unknown,
  type Checked,
  type Outcome,
} from './items';

/** The reusable workflows that the service calls. */
export interface PinnedWorkflows {
  /** `owner/name` */
  repository: string;
  /** Full SHA. */
  sha: string;
}

const FULL_SHA = /^[0-9a-f]{40,64}$/;

export function checkPinned(
  client: PersonClient,
  { repository, sha }: PinnedWorkflows,
): Promise<Checked> {
  return check('workflows', 'Pinned workflows', async () => {
    const [owner, repo] = repository.split('/');
    const fix = 'Look at the configuration delivery.templates.workflows.';
    if (!owner || !repo || !FULL_SHA.test(sha)) {
      return fail(`${repository}@${sha} is no full commit`, fix);
    }
    const found = await findCommit(client, { owner, repo }, sha);
    if (found === undefined) {
      return fail(`${repository} has no commit ${sha}`, fix);
    }
    return found === sha
      ? pass(`${repository}@${sha}`)
      : fail(`${sha} is not the name of a commit of ${repository}`, fix);
  });
}

/** A run that must have succeeded, or only be there. */
export function checkRun(
  client: PersonClient,
  at: { owner: string; repo: string },
  line: { id: string; label: string; runId?: number; mustSucceed: boolean },
): Promise<Checked> {
  const { id, label, runId, mustSucceed } = line;
  return check(id, label, async () => {
    if (runId === undefined) return unknown('no run was named');
    const run = await readRun(client, at, runId);
    return mustSucceed ? judgeSuccess(run) : pass(run.html_url);
  });
}

function judgeSuccess({ status, conclusion, html_url: url }: Run): Outcome {
  return conclusion === 'success'
    ? pass(url)
    : fail(
        `${url} is ${conclusion ?? status ?? 'unknown'}`,
        'Read its log, mend what it says, then start the task again.',
      );
}
