import { isError } from '@backstage/errors';
import {
  type Problem,
  readWorkflow,
  type WorkflowInput,
  type WorkflowJob,
} from 'backstage-plugin-delivery-common/domain';
import type { RepositoryRow } from '../../database/rows';
import type { ProviderOf } from '../acts/vendorRefs';
import { BoundedCache } from '../BoundedCache';
import { toProblem } from '../vendorRead';

/** The workflow that rolls back. `missing`: the repository has none; `unreadable`: nobody knows, or it cannot be used. */
export type WorkflowFound =
  | {
      kind: 'found';
      /** `rollback.yml` */
      file: string;
      branch: string;
      inputs: WorkflowInput[];
      jobs: WorkflowJob[];
    }
  | { kind: 'missing' }
  | { kind: 'unreadable'; problem: Problem };

/** A page that is looked at again and again does not ask the vendor each time; an act always does. */
const TTL_MS = 60_000;
const FILE = /^[\w.-]{1,100}\.ya?ml$/;

/** Reads the workflow that rolls back, at the branch it will be started on. */
export class RollbackWorkflows {
  readonly #providerOf: ProviderOf;
  readonly #known: BoundedCache<WorkflowFound>;

  constructor(options: { providerOf: ProviderOf; now: () => number }) {
    this.#providerOf = options.providerOf;
    const { now } = options;
    this.#known = new BoundedCache({ maxEntries: 500, ttlMs: TTL_MS, now });
  }

  /** Not older than a minute. */
  recent(
    repository: RepositoryRow,
    file: string,
    signal: AbortSignal,
  ): Promise<WorkflowFound> {
    const { repoKey, defaultBranch } = repository;
    return this.#known.get(`${repoKey} ${defaultBranch} ${file}`, () =>
      this.now(repository, file, signal),
    );
  }

  async now(
    repository: RepositoryRow,
    file: string,
    signal: AbortSignal,
  ): Promise<WorkflowFound> {
    const { host, slug, repoKey, defaultBranch: branch } = repository;
    const provider = this.#providerOf(host);
    if (!provider?.readWorkflowFile || !FILE.test(file)) {
      return { kind: 'missing' };
    }
    if (!branch) {
      return unreadable({
        code: 'branch_unknown',
        message: `The default branch of ${slug} is not known yet; try again when its runs are shown.`,
      });
    }
    const path = `.github/workflows/${file}`;
    let text: string;
    try {
      ({ text } = await provider.readWorkflowFile(
        ...([{ host, slug, repoKey }, { path, sha: branch }, signal] as const),
      ));
    } catch (error) {
      if (isError(error) && error.name === 'NotFoundError') {
        return { kind: 'missing' };
      }
      return unreadable(toProblem(error, `The workflow file ${path}`));
    }
    const { workflow, problem } = readWorkflow(text);
    if (problem) return unreadable(problem);
    const { jobs, dispatch: inputs } = workflow;
    return inputs
      ? { kind: 'found', ...{ file, branch, inputs, jobs } }
      : unreadable({
          code: 'workflow_not_startable',
          message: `The workflow ${path} cannot be started by hand: add "workflow_dispatch" with its inputs to it.`,
        });
  }
}

function unreadable(problem: Problem): WorkflowFound {
  return { kind: 'unreadable', problem };
}
