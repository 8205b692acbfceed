import { RepoRecord } from '../../state';
import { ApiRoutes } from '../api/apiRoutes';
import { supplied, textsIn, truthIn } from '../api/validate';
import { GitHubContext } from '../gitHubContext';

/** What `sub` of the repository's OIDC tokens begins with. */
export function subjectPrefix(ctx: GitHubContext, repo: RepoRecord): string {
  if (!repo.immutableSubject) return `repo:${repo.owner}/${repo.name}`;
  const owner = ctx.store.account(repo.owner)?.id;
  return `repo:${repo.owner}@${owner}/${repo.name}@${repo.id}`;
}

/** The subject of OIDC tokens: names only, or names with ids. */
export function addSubjectRoutes(api: ApiRoutes): void {
  const base = '/repos/{owner}/{repo}/actions/oidc/customization/sub';

  api.get(base, call => {
    const repo = call.repo('actions');
    return {
      body: {
        use_default: repo.subjectClaims === undefined,
        ...(repo.subjectClaims && { include_claim_keys: repo.subjectClaims }),
        use_immutable_subject: repo.immutableSubject ?? false,
        sub_claim_prefix: subjectPrefix(call.ctx, repo),
      },
    };
  });

  api.put(base, call => {
    const repo = call.repo('actions', 'write', 'admin');
    const body = call.json();
    supplied(body, 'use_default');
    const useDefault = truthIn(body, 'use_default');
    const claims = textsIn(body, 'include_claim_keys');
    repo.subjectClaims = useDefault ? undefined : claims ?? [];
    repo.immutableSubject =
      truthIn(body, 'use_immutable_subject') ?? repo.immutableSubject;
    call.ctx.store.changed();
    return { status: 201, body: {} };
  });
}
