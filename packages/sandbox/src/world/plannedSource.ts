import type { CommitInfo, RepoRecord } from '../state';
import type { WorkflowSource } from '../engine';
import { authorOf } from './people';
import type { Timeline } from './plan';

interface Known {
  info: CommitInfo;
  workflows: { path: string; text: string }[];
  /** Files that differ from the base branch, or from the commit before on a long-lived branch. */
  changed: string[];
}

const isWorkflow = (path: string) => path.startsWith('.github/workflows/');

/**
 * Answers from the plan what git would answer: history is made of thousands of pushes, and a git process for each
 * would take minutes.
 */
export class PlannedSource implements WorkflowSource {
  readonly #repos = new Map<number, Map<string, Known>>();
  readonly #tips = new Map<number, Map<string, string>>();

  /** Takes the commits of a timeline whose shas are known. */
  add(repo: RepoRecord, timeline: Timeline): void {
    const known = new Map<string, Known>();
    const tips = new Map<string, Known>();
    const longLived = new Set(['main', 'develop']);
    for (const commit of timeline.commits) {
      const own = tips.get(commit.branch);
      const base = own ?? tips.get(commit.from);
      const changed = commit.pushed ?? Object.keys(commit.files);
      const before = own && !longLived.has(commit.branch) ? own.changed : [];
      let workflows = base?.workflows ?? [];
      const paths = Object.keys(commit.files);
      if (paths.some(isWorkflow)) {
        const texts = new Map(workflows.map(({ path, text }) => [path, text]));
        for (const path of paths.filter(isWorkflow)) {
          const text = commit.files[path];
          if (text === null) texts.delete(path);
          else texts.set(path, text);
        }
        workflows = [...texts].map(([path, text]) => ({ path, text }));
      }
      const entry: Known = {
        info: {
          sha: commit.sha,
          parents: [base, commit.merge && tips.get(commit.merge)].flatMap(
            parent => (parent ? [parent.info.sha] : []),
          ),
          message: commit.message(),
          author: authorOf(commit.author),
          at: commit.at,
        },
        workflows,
        changed: [...new Set([...before, ...changed])],
      };
      known.set(commit.sha, entry);
      tips.set(commit.branch, entry);
    }
    this.#repos.set(repo.id, known);
    this.#tips.set(repo.id, new Map());
  }

  /** Moves a branch: from now on `resolve` answers this commit. */
  move(repo: RepoRecord, branch: string, sha: string): void {
    this.#tips.get(repo.id)?.set(branch, sha);
  }

  async workflowFiles(repo: RepoRecord, sha: string) {
    return this.#repos.get(repo.id)?.get(sha)?.workflows ?? [];
  }

  async resolve(repo: RepoRecord, ref: string) {
    if (this.#repos.get(repo.id)?.has(ref)) return ref;
    return this.#tips.get(repo.id)?.get(ref);
  }

  async commitInfo(repo: RepoRecord, sha: string) {
    return this.#repos.get(repo.id)?.get(sha)?.info;
  }

  async changedFiles(repo: RepoRecord, _base: string, head: string) {
    return this.#repos.get(repo.id)?.get(head)?.changed ?? null;
  }
}
