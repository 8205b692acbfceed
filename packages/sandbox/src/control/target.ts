import { GitHubContext } from '../github/gitHubContext';
import { ComponentOf, GitHubError, RepoRecord } from '../state';

export interface Target {
  repo: RepoRecord;
  /** Globs of the component's files. */
  paths: string[];
}

/**
 * Finds what a component's name, a repository's name or `owner/name` means.
 * @throws GitHubError 404 that lists the repositories there are
 */
export function resolveTarget(
  ctx: GitHubContext,
  componentOf: ComponentOf,
  name: unknown,
): Target {
  const wanted = typeof name === 'string' ? name : '';
  const component = componentOf(wanted);
  if (component) {
    const repo = ctx.store.repo(component.repo.owner, component.repo.name);
    if (repo) return { repo, paths: component.paths };
  }
  const repos = [...ctx.store.repos.values()];
  const repo = repos.find(
    r => r.name === wanted || `${r.owner}/${r.name}` === wanted,
  );
  if (!repo) {
    throw new GitHubError(
      404,
      `No component or repository "${wanted}". Repositories: ${repos
        .map(r => r.name)
        .join(', ')}.`,
    );
  }
  return { repo, paths: ['**'] };
}
