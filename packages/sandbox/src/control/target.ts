import { GitHubContext } from '../github/gitHubContext';
import {
  ComponentOf,
  GitHubError,
  PlacesOf,
  RepoRecord,
  SuggestChange,
} from '../state';
import { seededRandom } from '../store/seededRandom';

/** What the control has to know about the world. */
export interface ControlParts {
  componentOf: ComponentOf;
  suggestChange?: SuggestChange;
  placesOf?: PlacesOf;
}

export interface Target {
  repo: RepoRecord;
  /** Globs of the component's files. */
  paths: string[];
  /** Its workflow files' names; absent: those of the whole repository. */
  workflows?: string[];
  /** What its issues are labelled with, beside their kind. */
  label?: string;
  /** A change to make when the caller names no files. */
  suggested?: { title: string; files: Record<string, string> };
}

/**
 * Finds what a component's name, a repository's name or `owner/name` means.
 * @throws GitHubError 404 that lists the repositories there are
 */
export function resolveTarget(
  ctx: GitHubContext,
  parts: ControlParts,
  name: unknown,
): Target {
  const wanted = typeof name === 'string' ? name : '';
  const component = parts.componentOf(wanted);
  if (component) {
    const repo = ctx.store.repo(component.repo.owner, component.repo.name);
    const random = seededRandom(`${wanted} ${ctx.store.clock.now()}`);
    if (repo) {
      return {
        repo,
        paths: component.paths,
        workflows: component.workflows,
        label: component.label,
        suggested: parts.suggestChange?.(wanted, random),
      };
    }
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
  // created later: a repository that is one component of the same name
  return { repo, paths: ['**'] };
}
