import type { RepoRecord, RunRecord, SandboxState } from '../state';
import { hashUnit } from './random';
import type { LoadedWorkflow } from './WorkflowSource';
import type { InputSpec, WorkflowFile } from './workflowTypes';

/** Where GitHub's hosted runners work. */
export const RUNNER_WORK = ['', 'home', 'runner', 'work'].join('/');

/** The `github` context of an attempt. */
export function githubContext(
  state: SandboxState,
  repo: RepoRecord,
  run: RunRecord,
  root: LoadedWorkflow,
): Readonly<Record<string, unknown>> {
  const attempt = run.attempts[run.attempts.length - 1];
  const slug = `${repo.owner}/${repo.name}`;
  const pull =
    run.pullRequest === null
      ? undefined
      : [...state.pulls.values()].find(
          item => item.repoId === repo.id && item.number === run.pullRequest,
        );
  const ref = pull
    ? `refs/pull/${pull.number}/merge`
    : `refs/heads/${run.headBranch}`;
  return Object.freeze({
    event_name: run.event,
    event: {
      ref,
      repository: { name: repo.name, default_branch: repo.defaultBranch },
      head_commit: { id: run.headSha, message: run.headMessage },
      inputs: run.inputs,
      ...(run.createdBranch && { created: true }),
      ...(pull && {
        number: pull.number,
        pull_request: {
          number: pull.number,
          title: pull.title,
          draft: false,
          user: { login: pull.author },
          head: {
            ref: pull.headBranch,
            sha: pull.headSha,
            // There are no forks here.
            repo: { full_name: slug, id: repo.id, fork: false },
          },
          base: { ref: pull.baseBranch },
        },
      }),
    },
    ref,
    ref_name: pull ? `${pull.number}/merge` : run.headBranch,
    ref_type: 'branch',
    head_ref: pull?.headBranch ?? '',
    base_ref: pull?.baseBranch ?? '',
    sha: run.headSha,
    repository: slug,
    repository_owner: repo.owner,
    repository_id: String(repo.id),
    run_id: String(run.id),
    run_number: String(run.runNumber),
    run_attempt: String(attempt.attempt),
    repository_owner_id: String(state.accounts.get(repo.owner)?.id ?? ''),
    actor: run.actor,
    actor_id: String(state.accounts.get(run.actor)?.id ?? ''),
    triggering_actor: attempt.triggeringActor,
    workflow: run.name,
    workflow_ref: `${slug}/${root.file.path}@${ref}`,
    workflow_sha: root.sha,
    server_url: 'https://github.com',
    api_url: 'https://api.github.com',
    token: '***',
    workspace: `${RUNNER_WORK}/${repo.name}/${repo.name}`,
  });
}

/** Values of declared inputs: what was given, else the default; booleans and numbers get their type. */
export function inputValues(
  specs: Map<string, InputSpec>,
  given: Record<string, unknown>,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, spec] of specs) {
    const value = given[name] ?? spec.default ?? '';
    if (spec.type === 'boolean')
      values[name] = value === true || value === 'true';
    else if (spec.type === 'number') values[name] = Number(value);
    else values[name] = String(value);
  }
  return Object.freeze(values);
}

const secretNames = new WeakMap<WorkflowFile, string[]>();

function secretsOf(file: WorkflowFile): string[] {
  let names = secretNames.get(file);
  if (!names) {
    const text = JSON.stringify([...file.jobs.values()]);
    const found = text.matchAll(/secrets\.([A-Za-z_]\w*)/g);
    names = [...new Set([...found].map(([, name]) => name))];
    secretNames.set(file, names);
  }
  return names;
}

/** Every secret a file mentions exists, and its value is only ever seen masked. */
export function secretsContext(root: LoadedWorkflow): Record<string, string> {
  const names = new Set(['GITHUB_TOKEN']);
  const visit = (loaded: LoadedWorkflow) => {
    for (const name of secretsOf(loaded.file)) names.add(name);
    loaded.calls.forEach(visit);
  };
  visit(root);
  return Object.freeze(
    Object.fromEntries([...names].map(name => [name, '***'])),
  );
}

/** Stands in for a content hash: 64 hex digits that depend only on the parts. */
export function fakeDigest(...parts: (string | number)[]): string {
  let digest = '';
  for (let index = 0; index < 8; index += 1) {
    const word = Math.floor(hashUnit(...parts, index) * 0x100000000);
    digest += word.toString(16).padStart(8, '0');
  }
  return digest;
}
