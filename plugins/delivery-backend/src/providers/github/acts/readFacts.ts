import { InputError } from '@backstage/errors';
import { toState } from 'backstage-plugin-delivery-common/domain';
import type {
  CommitCheck,
  DecisionRecord,
  RunRef,
} from 'backstage-plugin-delivery-node';
import { trustedUrl } from '../facts';
import { SHA } from '../readCommits';
import { accountOf } from './accounts';
import { ask, PAGE, runNumber, type RepositoryReader } from './ask';
import { checksPageSchema, decisionsSchema } from './bodies';

const MAX_CHECK_PAGES = 3;

/** See VendorActs.readChecks. 300 at most. */
export async function readChecks(
  at: RepositoryReader,
  sha: string,
): Promise<CommitCheck[]> {
  if (!SHA.test(sha)) throw new InputError('A commit is named by its SHA.');
  const checks: CommitCheck[] = [];
  for (let page = 1; page <= MAX_CHECK_PAGES; page++) {
    const { check_runs: read } = await ask(
      at,
      '/commits/{ref}/check-runs',
      { ref: sha, per_page: PAGE, page },
      checksPageSchema,
      `checks of ${sha.slice(0, 7)}`,
    );
    for (const raw of read) {
      const { status, conclusion } = toState(raw.status, raw.conclusion);
      const url = trustedUrl(raw.html_url, at.scope.host);
      checks.push({
        name: raw.name,
        status,
        ...(conclusion && { conclusion }),
        ...(raw.completed_at !== undefined && {
          completedAt: raw.completed_at,
        }),
        ...(url && { url }),
      });
    }
    if (read.length < PAGE) break;
  }
  return checks;
}

/** See VendorActs.readDecisions. Rows of timers and of Apps are no decisions of anybody. */
export async function readDecisions(
  at: RepositoryReader,
  run: RunRef,
): Promise<DecisionRecord[]> {
  const rows = await ask(
    at,
    '/actions/runs/{run_id}/approvals',
    { run_id: runNumber(run) },
    decisionsSchema,
    `approvals of run ${runNumber(run)}`,
  );
  return rows.flatMap(({ user, state, comment, environments }) => {
    const account = accountOf(user);
    if (!account || user?.type !== 'User') return [];
    return {
      user: account,
      state: state === 'approved' || state === 'rejected' ? state : 'unknown',
      comment: comment ?? '',
      environmentIds: environments.map(one => String(one.id)),
    };
  });
}
