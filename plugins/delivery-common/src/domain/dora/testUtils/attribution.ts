import { DEFAULT_DORA_SETTINGS } from '../../../contract';
import type { DoraSettings } from '../../../contract';
import { attributeChanges } from '../attributeChanges';
import type {
  ChangeFact,
  CommitFact,
  CommitSpan,
  DeploymentSource,
  ServiceFact,
} from '../facts';
import { makeHistory } from '../history';
import { tellKinds } from '../tellKinds';
import { AS_OF, at, merge, source } from './sources';

/** a ── b ── c ── d ── e, committed at minutes 0 to 4. */
export const LINE: CommitFact[] = [...'abcde'].map((sha, i, all) => ({
  ...{ sha, parents: i ? [all[i - 1]] : [] },
  ...{ authoredAt: at(i), committedAt: at(i), files: [`${sha}.ts`] },
}));
/** A merged pull request of one commit. */
export const pull = (
  mergeSha: string,
  part: Partial<ChangeFact> = {},
): ChangeFact => ({
  ...{ id: `pr-${mergeSha}`, kind: 'pull_request', mergeSha },
  ...{
    mergedAt: at(1),
    commits: [{ sha: `own-${mergeSha}`, authoredAt: at(0) }],
  },
  ...part,
});
/** A deployment that ended at a minute and took five. */
export const deploy = (
  sha: string | undefined,
  minute: number,
  part: Partial<DeploymentSource> = {},
) => source(`d${minute}`, [minute - 5, minute], { sha, ...part });

/** Facts, most of them absent. */
export interface Given {
  sources: DeploymentSource[];
  changes?: ChangeFact[];
  commits?: CommitFact[];
  spans?: CommitSpan[];
  services?: ServiceFact[];
  settings?: Partial<DoraSettings>;
}

/** As `attributeChanges`, of merged deployments with their kinds. */
export function attribute(given: Given) {
  const {
    sources,
    changes = [],
    commits = [],
    spans = [],
    services = [],
  } = given;
  const history = makeHistory(commits, spans);
  const settings = { ...DEFAULT_DORA_SETTINGS, ...given.settings };
  return attributeChanges({
    deployments: tellKinds(
      merge(sources, settings).deployments,
      history,
      settings,
    ),
    ...{ changes, commits, history, services, settings, asOf: AS_OF },
  });
}

/** `pr-b@d20 c@-`: each change with its deployment. */
export const placesOf = ({ changes }: ReturnType<typeof attribute>) =>
  changes
    .map(({ id, deploymentId = '-' }) => `${id}@${deploymentId}`)
    .sort()
    .join(' ');
export const reasonsOf = ({ excluded }: ReturnType<typeof attribute>) =>
  excluded
    .map(({ id, reason }) => `${id} ${reason}`)
    .sort()
    .join(', ');

export const FIRST = deploy('a', 10);
export const PULLS = [...'abcde'].map(sha => pull(sha));
