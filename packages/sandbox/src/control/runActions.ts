import { accessTo, allows } from '../github/access';
import { GitHubContext } from '../github/gitHubContext';
import { lastAttempt } from '../github/bodies/runBodies';
import { GitHubError, RunRecord } from '../state';
import { openRuns, writable } from './actions';
import { Body, text } from './awsTarget';
import { Target } from './target';

/** @throws GitHubError 403 for somebody who may only read */
export function actorOf(
  ctx: GitHubContext,
  target: Target,
  body: Body,
): string {
  const account = writable(ctx, target.repo, body);
  const { login } = account;
  const actor = { kind: 'user', account, token: '', viaApp: false } as const;
  const access = accessTo(ctx.store, { ...actor, scopes: [] }, target.repo);
  if (!allows(access, 'push')) {
    throw new GitHubError(
      403,
      `${login} may not write to ${target.repo.owner}/${target.repo.name}.`,
    );
  }
  return login;
}

const described = (ctx: GitHubContext, run: RunRecord) => ({
  id: run.id,
  name: run.name,
  title: run.displayTitle,
  attempt: lastAttempt(run).attempt,
  url: `${ctx.baseUrl}/${ctx.store.repos.get(run.repoId)?.owner}/${
    ctx.store.repos.get(run.repoId)?.name
  }/actions/runs/${run.id}`,
});

/** Runs the newest finished run again, or the one that is asked for. */
export async function rerun(ctx: GitHubContext, target: Target, body: Body) {
  const actor = actorOf(ctx, target, body);
  const only = body.run === undefined ? undefined : Number(body.run);
  const paths = target.workflows?.map(name => `/${name}`);
  const run = [...ctx.store.runs.values()]
    .filter(item => {
      if (item.repoId !== target.repo.id) return false;
      if (only !== undefined) return item.id === only;
      const path = ctx.store.workflows.get(item.workflowId)?.path ?? '';
      return (
        lastAttempt(item).status === 'completed' &&
        (!paths || paths.some(end => path.endsWith(end)))
      );
    })
    .reduce<RunRecord | undefined>(
      (newest, item) =>
        newest && newest.createdAt > item.createdAt ? newest : item,
      undefined,
    );
  if (!run) {
    throw new GitHubError(
      404,
      `There is no such run in ${target.repo.name} that could run again.`,
    );
  }
  const failedOnly = body.failed === true;
  await ctx.engine.rerun(run, { failedOnly, actor });
  ctx.store.changed();
  return { user: actor, failedOnly, run: described(ctx, run) };
}

/** `{inputs: {name: value}}`, or `{input: ['name=value']}` of the command line. */
function inputsOf(body: Body): Record<string, string> {
  const { inputs, input } = body;
  const given: [string, unknown][] =
    typeof inputs === 'object' && inputs !== null ? Object.entries(inputs) : [];
  const typed = (Array.isArray(input) ? input : [input ?? []].flat()).map(
    (item): [string, unknown] => {
      const line = String(item);
      const equals = line.indexOf('=');
      if (equals < 1) {
        throw new GitHubError(
          400,
          `--input is name=value, for example --input reason=Test, not "${line}".`,
        );
      }
      return [line.slice(0, equals), line.slice(equals + 1)];
    },
  );
  return Object.fromEntries(
    [...given, ...typed].map(([name, value]) => [name, String(value)]),
  );
}

/** Starts a workflow by hand. */
export async function dispatch(ctx: GitHubContext, target: Target, body: Body) {
  const { repo } = target;
  const actor = actorOf(ctx, target, body);
  const file = text(body, 'workflow') ?? '';
  const known = [...ctx.store.workflows.values()].filter(
    item => item.repoId === repo.id,
  );
  const workflow = known.find(
    ({ path }) => path === file || path.endsWith(`/${file}`),
  );
  if (!workflow || file === '') {
    throw new GitHubError(
      404,
      `${repo.name} has no workflow "${file}". It has: ${known
        .map(({ path }) => path.split('/').at(-1))
        .join(', ')}.`,
    );
  }
  const run = await ctx.engine.dispatch(repo, workflow, {
    ref: text(body, 'ref') ?? repo.defaultBranch,
    inputs: inputsOf(body),
    actor,
  });
  ctx.store.changed();
  return { user: actor, run: described(ctx, run) };
}

/** An administrator starts what waits, past its gate. */
export function bypass(ctx: GitHubContext, target: Target, body: Body) {
  const environment = text(body, 'environment');
  const waiting = openRuns(ctx, target, body).flatMap(run => {
    const gates = ctx.engine
      .pending(run)
      .map(gate => gate.environment)
      .filter(({ name }) => environment === undefined || name === environment);
    return gates.length === 0 ? [] : [{ run, gates }];
  });
  if (waiting.length === 0) {
    throw new GitHubError(409, `Nothing waits in ${target.repo.name}.`);
  }
  const closed = waiting
    .flatMap(({ gates }) => gates)
    .find(({ canAdminsBypass }) => !canAdminsBypass);
  if (closed) {
    const { name } = target.repo;
    throw new GitHubError(
      409,
      `Administrators may not bypass ${closed.name} of ${name}. Allow it with "environment ${name} ${closed.name} --admins-bypass true" first.`,
    );
  }
  for (const { run, gates } of waiting) {
    ctx.engine.bypass(
      run,
      gates.map(({ id }) => id),
    );
  }
  ctx.store.changed();
  return {
    bypassed: waiting.map(({ run, gates }) => ({
      run: run.id,
      environments: gates.map(({ name }) => name),
    })),
  };
}
