import type {
  JobRecord,
  RepoRecord,
  RunRecord,
  SandboxState,
} from '../../state';
import type { LoadedWorkflow } from '../WorkflowSource';

/** Who signs the tokens, as AWS knows it. */
export const ISSUER_HOST = 'token.actions.githubusercontent.com';

/** Repositories created from here on have ids in the subject. */
const IMMUTABLE_SINCE = Date.UTC(2026, 6, 15);

const LIFETIME_SECONDS = 300;

const idOf = (state: SandboxState, login: string) =>
  String(state.accounts.get(login)?.id ?? '');

/** `repo:ORG@ID/REPO@ID`, or by names alone for older repositories. */
export function subjectPrefix(state: SandboxState, repo: RepoRecord): string {
  const { owner, name, id, createdAt } = repo;
  const immutable = repo.immutableSubject ?? createdAt >= IMMUTABLE_SINCE;
  return immutable
    ? `repo:${owner}@${idOf(state, owner)}/${name}@${id}`
    : `repo:${owner}/${name}`;
}

/** Full name of what a call is pinned to: a commit stays as it is. */
function fullRef(ref: string): string {
  if (ref.startsWith('refs/') || /^[0-9a-f]{40}$/.test(ref)) return ref;
  return /^v?\d+(\.\d+)*$/.test(ref) ? `refs/tags/${ref}` : `refs/heads/${ref}`;
}

/** What the token of a job says; `now` is epoch milliseconds, times in it are seconds. */
export function jobClaims(
  state: SandboxState,
  about: {
    repo: RepoRecord;
    run: RunRecord;
    job: JobRecord;
    root: LoadedWorkflow;
    /** The workflow whose file the job stands in. */
    inside: LoadedWorkflow;
    audience: string;
  },
  now: number,
): Record<string, unknown> {
  const { repo, run, job, root, inside, audience } = about;
  const slug = `${repo.owner}/${repo.name}`;
  const ref =
    run.pullRequest === null
      ? `refs/heads/${run.headBranch}`
      : `refs/pull/${run.pullRequest}/merge`;
  let what = `ref:${ref}`;
  if (run.pullRequest !== null) what = 'pull_request';
  if (job.environment !== null) what = `environment:${job.environment}`;
  const own = inside.slug === root.slug && inside.sha === root.sha;
  const seconds = Math.floor(now / 1000);
  return {
    iss: `https://${ISSUER_HOST}`,
    aud: audience,
    sub: `${subjectPrefix(state, repo)}:${what}`,
    repository: slug,
    repository_id: String(repo.id),
    repository_owner: repo.owner,
    repository_owner_id: idOf(state, repo.owner),
    repository_visibility: repo.private ? 'private' : 'public',
    ref,
    ref_type: 'branch',
    sha: run.headSha,
    event_name: run.event,
    ...(job.environment !== null && { environment: job.environment }),
    run_id: String(run.id),
    run_number: String(run.runNumber),
    run_attempt: String(job.attempt),
    actor: run.actor,
    actor_id: idOf(state, run.actor),
    workflow: run.name,
    workflow_ref: `${slug}/${root.file.path}@${ref}`,
    workflow_sha: root.sha,
    job_workflow_ref: `${inside.slug}/${inside.file.path}@${
      own ? ref : fullRef(inside.ref)
    }`,
    job_workflow_sha: inside.sha,
    runner_environment: 'github-hosted',
    iat: seconds,
    nbf: seconds - 60,
    exp: seconds + LIFETIME_SECONDS,
  };
}
