import {
  type ActingGithub,
  type Asked,
  CLIENT,
  type GatedRun,
} from './ActingGithub';
import { repositoryPayload } from './githubPayloads';

type Answer = { status: number; body?: unknown };
type Route = (
  github: ActingGithub,
  asked: Asked,
  parts: Record<string, string>,
) => Answer;

const AT = '2026-11-01T10:00:00Z';
const ok = (body: unknown): Answer => ({ status: 200, body });
const missing: Answer = { status: 404, body: { message: 'Not Found' } };
/** The same words whatever the reason is, as at GitHub. */
const notPending: Answer = {
  status: 422,
  body: { message: 'No pending deployment requests to approve or reject' },
};

function account(github: ActingGithub, login: string) {
  const known = github.accounts.get(login);
  return {
    login,
    id: known?.id ?? 1,
    node_id: `U_${login}`,
    type: known?.type ?? 'User',
    html_url: `https://github.com/${login}`,
  };
}

function runBody(github: ActingGithub, run: GatedRun, attempt = run.attempt) {
  return {
    id: run.id,
    name: 'CI',
    display_title: run.title ?? 'Add a thing',
    run_number: run.id,
    run_attempt: attempt,
    event: run.event ?? 'push',
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: 5,
    path: run.path ?? '.github/workflows/ci.yml',
    head_branch: 'main',
    head_sha: run.sha,
    html_url: `https://github.com/${run.slug}/actions/runs/${run.id}`,
    created_at: AT,
    updated_at: AT,
    run_started_at: AT,
    actor: account(github, run.actor),
    triggering_actor: account(github, run.triggering[attempt - 1]),
    pull_requests: [],
    referenced_workflows: [],
    repository: repositoryPayload(7, run.slug),
  };
}

function reviewers(github: ActingGithub) {
  return github.reviewers.map(login => ({
    type: 'User',
    reviewer: account(github, login),
  }));
}

function environmentBody(github: ActingGithub, slug: string, name: string) {
  const id = github.environmentId(slug, name);
  return {
    id,
    node_id: `EN_${id}`,
    name,
    url: `https://api.github.com/repos/${slug}/environments/${name}`,
    html_url: `https://github.com/${slug}`,
    created_at: AT,
    updated_at: AT,
    ...(github.canAdminsBypass !== undefined && {
      can_admins_bypass: github.canAdminsBypass,
    }),
    protection_rules:
      github.reviewers.length === 0
        ? []
        : [
            {
              id: id * 10,
              node_id: `GA_${id}`,
              type: 'required_reviewers',
              prevent_self_review: github.preventSelfReview,
              reviewers: reviewers(github),
            },
          ],
    deployment_branch_policy: null,
  };
}

const eligible = (github: ActingGithub, run: GatedRun, login: string) =>
  run.status === 'waiting' &&
  github.reviewers.includes(login) &&
  !(github.preventSelfReview && run.triggering[run.attempt - 1] === login);

function decide(github: ActingGithub, asked: Asked, run: GatedRun): Answer {
  const login = github.tokens.get(String(asked.token))?.login;
  if (!login) return { status: 401, body: { message: 'Bad credentials' } };
  if (!eligible(github, run, login)) return notPending;
  const { environment_ids: ids, state, comment } = JSON.parse(asked.body);
  const own = github.environmentId(run.slug, run.environment);
  if (!Array.isArray(ids) || ids.length !== 1 || ids[0] !== own) {
    return notPending;
  }
  run.approvals.push({ login, state, comment });
  run.status = state === 'approved' ? 'in_progress' : 'completed';
  run.conclusion = state === 'approved' ? null : 'failure';
  return ok([deploymentBody(github, run)]);
}

function deploymentBody(github: ActingGithub, run: GatedRun) {
  return {
    id: run.deployment,
    node_id: `DE_${run.deployment}`,
    sha: run.sha,
    ref: 'main',
    task: 'deploy',
    environment: run.environment,
    original_environment: run.environment,
    creator: account(github, run.triggering[run.attempt - 1]),
    created_at: AT,
    updated_at: AT,
    statuses_url: '',
    url: '',
    payload: {},
  };
}

function withRun(
  handle: (
    github: ActingGithub,
    asked: Asked,
    run: GatedRun,
    parts: Record<string, string>,
  ) => Answer,
): Route {
  return (github, asked, parts) => {
    const run = github.runs.get(Number(parts.run));
    return run && run.slug === parts.slug
      ? handle(github, asked, run, parts)
      : missing;
  };
}

const RUN = '/repos/(?<slug>[^/]+/[^/]+)/actions/runs/(?<run>\\d+)';
const REPO = '/repos/(?<slug>[^/]+/[^/]+)';

const routes: [method: string, path: string, route: Route][] = [
  [
    'POST',
    '/applications/(?<client>[^/]+)/token',
    (github, asked, { client }) => {
      const known = github.tokens.get(JSON.parse(asked.body).access_token);
      if (!known || known.clientId !== client || client !== CLIENT.id) {
        return missing;
      }
      return ok({
        id: 1,
        token: '',
        app: { client_id: client, name: 'portal', url: '' },
        user: account(github, known.login),
        scopes: [],
        expires_at: null,
      });
    },
  ],
  ['GET', `${RUN}`, withRun((github, _, run) => ok(runBody(github, run)))],
  [
    'GET',
    `${RUN}/attempts/(?<attempt>\\d+)`,
    withRun((github, _, run, { attempt }) =>
      Number(attempt) <= run.attempt
        ? ok(runBody(github, run, Number(attempt)))
        : missing,
    ),
  ],
  [
    'GET',
    `${RUN}/pending_deployments`,
    withRun((github, asked, run) => {
      const login = github.tokens.get(String(asked.token))?.login ?? '';
      if (run.status !== 'waiting') return ok([]);
      return ok([
        {
          environment: environmentBody(github, run.slug, run.environment),
          wait_timer: 0,
          wait_timer_started_at: null,
          current_user_can_approve: eligible(github, run, login),
          reviewers: reviewers(github),
        },
      ]);
    }),
  ],
  ['POST', `${RUN}/pending_deployments`, withRun(decide)],
  [
    'GET',
    `${RUN}/approvals`,
    withRun((github, _, run) =>
      ok(
        run.approvals.map(({ login, state, comment }) => ({
          state,
          comment,
          user: account(github, login),
          environments: [environmentBody(github, run.slug, run.environment)],
        })),
      ),
    ),
  ],
  [
    'GET',
    `${RUN}(/attempts/\\d+)?/jobs`,
    () => ok({ total_count: 0, jobs: [] }),
  ],
  [
    'POST',
    `${RUN}/(rerun|rerun-failed-jobs)`,
    withRun((github, asked, run) => {
      const login = github.tokens.get(String(asked.token))?.login;
      if (!login || run.status !== 'completed') {
        return { status: 403, body: { message: 'already running' } };
      }
      run.attempt += 1;
      run.triggering.push(login);
      run.status = 'in_progress';
      run.conclusion = null;
      return { status: 201, body: {} };
    }),
  ],
  [
    'POST',
    `${RUN}/cancel`,
    withRun((_github, _asked, run) => {
      if (run.status === 'completed') return { status: 409, body: {} };
      run.status = 'completed';
      run.conclusion = 'cancelled';
      return { status: 202, body: {} };
    }),
  ],
  [
    'GET',
    `${REPO}/environments/(?<environment>.+)`,
    (github, _, { slug, environment }) =>
      ok(environmentBody(github, slug, environment)),
  ],
  [
    'GET',
    `${REPO}/deployments`,
    (github, _, { slug }) =>
      ok(
        [...github.runs.values()]
          .filter(run => run.slug === slug)
          .map(run => deploymentBody(github, run)),
      ),
  ],
  [
    'GET',
    `${REPO}/deployments/(?<id>\\d+)/statuses`,
    (github, _, { slug, id }) => {
      const run = [...github.runs.values()].find(
        item => item.deployment === Number(id),
      );
      return ok([
        {
          id: Number(id) * 10,
          state: run?.status === 'waiting' ? 'waiting' : 'in_progress',
          created_at: AT,
          target_url: `https://github.com/${slug}/actions/runs/${run?.id}/job/1`,
          log_url: `https://github.com/${slug}/actions/runs/${run?.id}/job/1`,
          creator: account(github, 'dana'),
        },
      ]);
    },
  ],
  [
    'GET',
    `${REPO}/compare/(?<range>.+)`,
    github =>
      ok({
        status: github.range.status,
        ahead_by: github.range.commits.length,
        behind_by: github.range.status === 'behind' ? 1 : 0,
        total_commits: github.range.total ?? github.range.commits.length,
        html_url: '',
        commits: github.range.commits.map(({ sha, message, author }) => ({
          sha,
          html_url: '',
          commit: {
            message,
            author: { name: author ?? 'Nobody', email: 'x@example', date: AT },
            committer: { name: 'GitHub', email: 'x@example', date: AT },
          },
          author: author ? account(github, author) : null,
          committer: author ? account(github, author) : null,
          parents: [],
        })),
        files: [],
      }),
  ],
  ['GET', `${REPO}/commits/(?<sha>[^/]+)/pulls`, () => ok([])],
  [
    'GET',
    `${REPO}/commits/(?<sha>[^/]+)/check-runs`,
    () => ok({ total_count: 0, check_runs: [] }),
  ],
  ['GET', REPO, (_github, _asked, { slug }) => ok(repositoryPayload(7, slug))],
];

/** Answers one request. */
export function actingRoutes(github: ActingGithub, asked: Asked): Answer {
  for (const [method, pattern, route] of routes) {
    const match = new RegExp(`^${pattern}$`).exec(asked.path);
    if (match && method === asked.method) {
      return route(github, asked, match.groups ?? {});
    }
  }
  return missing;
}
