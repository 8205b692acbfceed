import type {
  CheckFact,
  DeploymentFact,
  DeploymentStatusFact,
  JobFact,
  PushFact,
  RepositoryFact,
  RunFact,
} from 'backstage-plugin-delivery-common';
import { toState } from 'backstage-plugin-delivery-common/domain';
import type { z } from 'zod';
import { keysOf } from './keys';
import type {
  RawCheckRun,
  RawDeployment,
  RawDeploymentStatus,
  RawJob,
  RawPush,
  RawRun,
  repositorySchema,
  workflowSchema,
} from './schema';

/** From this many commits on GitHub may have left some out. */
const COMPLETE_PUSH = 1000;

/** Commits of one push that are kept: more than that nobody reads. */
const KEPT_COMMITS = 250;

/** The repository all facts of one body or one answer are of. */
export interface Repository {
  repoKey: string;
  host: string;
  /** Address of its page. */
  url: string;
  keys: ReturnType<typeof keysOf>;
}

/** Only pages of the repository's own host are linked; anything else in a body is somebody's idea. */
export function trustedUrl(
  url: string | undefined,
  host: string,
): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const web = parsed.protocol === 'https:' || parsed.protocol === 'http:';
  const plain = parsed.username === '' && parsed.password === '';
  return web && plain && parsed.host === host ? parsed.href : undefined;
}

/** Gives undefined when the body is of a host that is not configured. */
export function repositoryOf(
  raw: z.output<typeof repositorySchema>,
  hosts: string[],
): { repository: Repository; fact: RepositoryFact } | undefined {
  if (!URL.canParse(raw.html_url)) return undefined;
  const page = new URL(raw.html_url);
  if (!hosts.includes(page.host) || !/^https?:$/.test(page.protocol)) {
    return undefined;
  }
  const keys = keysOf(page.host);
  const repoKey = keys.repository(raw.id);
  const url = `${page.protocol}//${page.host}/${raw.full_name}`;
  return {
    repository: { repoKey, host: page.host, url, keys },
    fact: {
      kind: 'repository',
      repoKey,
      slug: raw.full_name,
      url,
      defaultBranch: raw.default_branch,
    },
  };
}

/** Cuts `@ref`: which commit it was is told by the run. */
function filePath(path: string | undefined): string {
  return (path ?? '').replace(/@[^@]*$/, '');
}

export function runFact(
  raw: RawRun,
  repository: Repository,
  workflow?: z.output<typeof workflowSchema>,
): RunFact {
  const { keys, repoKey } = repository;
  const firstLine = raw.head_commit?.message?.split('\n', 1)[0];
  return {
    kind: 'run',
    runKey: keys.thing(raw.id),
    repoKey,
    pipelineKey: keys.pipeline(repoKey, raw.workflow_id),
    pipelineName: workflow?.name || raw.name || filePath(raw.path),
    pipelinePath: filePath(raw.path ?? workflow?.path),
    runNumber: raw.run_number,
    title: raw.display_title || firstLine || raw.name || `#${raw.run_number}`,
    event: raw.event,
    branch: raw.head_branch,
    sha: raw.head_sha,
    actor: raw.actor?.login,
    url:
      trustedUrl(raw.html_url, repository.host) ??
      `${repository.url}/actions/runs/${raw.id}`,
    pullRequest: raw.pull_requests[0]?.number,
    createdAt: raw.created_at,
    referenced: raw.referenced_workflows.flatMap(used =>
      used.sha ? [{ path: used.path, sha: used.sha }] : [],
    ),
    attempt: raw.run_attempt ?? 1,
    triggeringActor: raw.triggering_actor?.login ?? raw.actor?.login,
    state: toState(raw.status, raw.conclusion),
    startedAt: raw.run_started_at,
    updatedAt: raw.updated_at,
  };
}

export function jobFact(
  raw: RawJob,
  repository: Repository,
  environment?: string,
): JobFact {
  return {
    kind: 'job',
    jobKey: repository.keys.thing(raw.id),
    runKey: repository.keys.thing(raw.run_id),
    repoKey: repository.repoKey,
    attempt: raw.run_attempt ?? 1,
    name: raw.name,
    state: toState(raw.status, raw.conclusion),
    createdAt: raw.created_at,
    startedAt: raw.started_at,
    completedAt: raw.completed_at,
    url: trustedUrl(raw.html_url, repository.host),
    runner: raw.runner_name || undefined,
    labels: raw.labels,
    environment,
    steps: raw.steps.map(step => ({
      number: step.number,
      name: step.name,
      state: toState(step.status, step.conclusion),
      startedAt: step.started_at,
      completedAt: step.completed_at,
    })),
  };
}

export function deploymentFact(
  raw: RawDeployment,
  repository: Repository,
  runId?: number,
): DeploymentFact {
  return {
    kind: 'deployment',
    deploymentKey: repository.keys.thing(raw.id),
    repoKey: repository.repoKey,
    runKey: runId === undefined ? undefined : repository.keys.thing(runId),
    sha: raw.sha,
    ref: raw.ref,
    environment: raw.environment,
    creator: raw.creator?.login,
    createdAt: raw.created_at,
  };
}

export function deploymentStatusFact(
  raw: RawDeploymentStatus,
  deploymentId: number,
  repository: Repository,
): DeploymentStatusFact {
  return {
    kind: 'deploymentStatus',
    statusKey: repository.keys.thing(raw.id),
    deploymentKey: repository.keys.thing(deploymentId),
    repoKey: repository.repoKey,
    state: raw.state,
    createdAt: raw.created_at,
    creator: raw.creator?.login,
    url:
      trustedUrl(raw.target_url, repository.host) ??
      trustedUrl(raw.log_url, repository.host),
  };
}

export function checkFact(raw: RawCheckRun, repository: Repository): CheckFact {
  return {
    kind: 'check',
    checkKey: repository.keys.thing(raw.id),
    repoKey: repository.repoKey,
    sha: raw.head_sha,
    name: raw.name,
    app: raw.app?.slug ?? raw.app?.name,
    state: toState(raw.status, raw.conclusion),
    startedAt: raw.started_at,
    completedAt: raw.completed_at,
    url: trustedUrl(raw.html_url, repository.host),
  };
}

/** Undefined for tags and for branches that went away. */
export function pushFact(
  raw: RawPush,
  repository: Repository,
): PushFact | undefined {
  const branch = /^refs\/heads\/(.+)$/.exec(raw.ref)?.[1];
  const nothing = /^0+$/;
  if (!branch || raw.deleted || nothing.test(raw.after)) return undefined;
  // The files of a new or overwritten branch cannot be told from its commits.
  const complete =
    !raw.forced &&
    !nothing.test(raw.before) &&
    raw.commits.length > 0 &&
    raw.commits.length < COMPLETE_PUSH;
  const files = new Set(
    raw.commits.flatMap(c => [...c.added, ...c.removed, ...c.modified]),
  );
  return {
    kind: 'push',
    repoKey: repository.repoKey,
    branch,
    before: raw.before,
    after: raw.after,
    files: complete ? [...files].sort() : undefined,
    commits: commitsOf(raw),
  };
}

/** The newest of a push, oldest first. A commit without its name is left out, and then the list is not all there is. */
function commitsOf({ commits }: RawPush): PushFact['commits'] {
  const named = commits.flatMap(({ id, message, author, timestamp }) =>
    id === undefined
      ? []
      : {
          sha: id,
          title: message ?? '',
          author: author?.username ?? author?.name,
          at: timestamp,
        },
  );
  return named.length === commits.length && named.length > 0
    ? named.slice(-KEPT_COMMITS)
    : undefined;
}
