import type { LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import {
  readWorkflow,
  WORKFLOW_LIMITS,
  type WorkflowReading,
} from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { RepositoryRow, WorkflowFileRow } from '../database/rows';
import { BoundedCache } from './BoundedCache';
import { toProblem } from './vendorRead';

/** A workflow file at a commit. */
export interface FileAt {
  /** `.github/workflows/x.yml`, or `owner/name/path` for a file of another repository. */
  path: string;
  sha: string;
}

type Outcome = { row: WorkflowFileRow } | { error: unknown };

type Store = Pick<
  DeliveryStore,
  'workflowFile' | 'saveWorkflowFile' | 'pushesTo'
>;

/** A parsed file stays at hand for so long; the text at a commit never changes. */
const PARSED_TTL_MS = 10 * 60_000;
/** A vendor that failed is not asked for the same file again before this. */
const FAILURE_TTL_MS = 15_000;
/** Longest that one read takes. */
const READ_MS = 20_000;

/** Workflow files at the commits of runs: read from the vendor at most once for all. */
export class WorkflowFiles {
  readonly #store: Store;
  readonly #logger: LoggerService;
  readonly #providerOf: (host: string) => DeliveryProvider | undefined;
  readonly #parsed: BoundedCache<WorkflowReading | undefined>;
  readonly #reads: BoundedCache<Outcome>;

  constructor(options: {
    store: Store;
    logger: LoggerService;
    providerOf: (host: string) => DeliveryProvider | undefined;
    now: () => number;
  }) {
    this.#store = options.store;
    this.#logger = options.logger;
    this.#providerOf = options.providerOf;
    const { now } = options;
    this.#parsed = new BoundedCache({
      maxEntries: 500,
      ttlMs: PARSED_TTL_MS,
      now,
    });
    this.#reads = new BoundedCache({
      maxEntries: 500,
      ttlMs: FAILURE_TTL_MS,
      now,
    });
  }

  /** What is stored, without asking anybody; undefined when the file was not read yet. */
  async stored(
    repository: RepositoryRow,
    file: FileAt,
  ): Promise<WorkflowReading | undefined> {
    const key = keyOf(repository, file);
    const reading = await this.#parsed.get(key, async () => {
      const row =
        (await this.#store.workflowFile(
          repository.repoKey,
          file.path,
          file.sha,
        )) ?? (await this.#unchanged(repository, file));
      return row && toReading(row);
    });
    // "Not yet" may be another answer in a moment.
    if (!reading) this.#parsed.delete(key);
    return reading;
  }

  /**
   * The file, read from the vendor when it is not stored yet. Callers at the same moment share one read.
   *
   * @throws what the provider throws, except that a file the vendor does not have gives a reading with a problem
   */
  async read(
    repository: RepositoryRow,
    file: FileAt,
  ): Promise<WorkflowReading> {
    const stored = await this.stored(repository, file);
    if (stored) return stored;
    const outcome = await this.#reads.get(keyOf(repository, file), () =>
      this.#fetch(repository, file),
    );
    if ('error' in outcome) throw outcome.error;
    return toReading(outcome.row);
  }

  /** Never throws: a failure is an outcome that is kept for a while, so that a vendor in trouble is left alone. */
  async #fetch(repository: RepositoryRow, file: FileAt): Promise<Outcome> {
    try {
      return { row: await this.#readOnce(repository, file) };
    } catch (error) {
      this.#logger.info('A workflow file could not be read', {
        path: file.path,
        sha: file.sha,
        reason: String(error),
      });
      return { error };
    }
  }

  async #readOnce(
    repository: RepositoryRow,
    file: FileAt,
  ): Promise<WorkflowFileRow> {
    const { repoKey, host } = repository;
    const { scope, path } = placeOf(repository, file);
    const provider = this.#providerOf(host);
    if (!provider?.readWorkflowFile) {
      return problemRow(repoKey, file, {
        code: 'workflow_unsupported',
        message: 'This vendor gives no workflow files, so there is no graph.',
      });
    }
    const row = await provider
      .readWorkflowFile(
        scope,
        { path, sha: file.sha },
        AbortSignal.timeout(READ_MS),
      )
      .then(found => toRow(repoKey, file, found))
      .catch(error => {
        // Both say something of the file that will be true for ever; everything else may pass.
        const isFinal =
          isError(error) &&
          ['NotFoundError', 'InputError'].includes(error.name);
        if (!isFinal) throw error;
        return problemRow(
          repoKey,
          file,
          toProblem(error, `The workflow file ${file.path}`),
        );
      });
    await this.#store.saveWorkflowFile(row);
    return row;
  }

  /** A push that did not touch the file left it as it was at the commit before: no read is needed. */
  async #unchanged(
    repository: RepositoryRow,
    file: FileAt,
  ): Promise<WorkflowFileRow | undefined> {
    const { repoKey } = repository;
    for (const push of await this.#store.pushesTo(repoKey, file.sha)) {
      if (!push.files || push.files.includes(file.path)) continue;
      const before = await this.#store.workflowFile(
        repoKey,
        file.path,
        push.before,
      );
      if (before) {
        const row = { ...before, sha: file.sha };
        await this.#store.saveWorkflowFile(row);
        return row;
      }
    }
    return undefined;
  }
}

function keyOf(repository: RepositoryRow, file: FileAt): string {
  return `${repository.repoKey} ${file.sha} ${file.path}`;
}

/** Files of other repositories keep their owner in the path, so that they cannot be mistaken for the run's own. */
function placeOf({ host, slug, repoKey }: RepositoryRow, file: FileAt) {
  if (file.path.startsWith('.')) {
    return { scope: { host, slug, repoKey }, path: file.path };
  }
  const [owner, name, ...rest] = file.path.split('/');
  return { scope: { host, slug: `${owner}/${name}` }, path: rest.join('/') };
}

/** What is too large to be read is not kept either. */
function toRow(
  repoKey: string,
  file: FileAt,
  { blobSha, text }: { blobSha: string; text: string },
): WorkflowFileRow {
  const row = { repoKey, ...file, blobSha };
  if (text.length <= WORKFLOW_LIMITS.bytes) return { ...row, text };
  return { ...row, problem: readWorkflow(text).problem };
}

function problemRow(
  repoKey: string,
  file: FileAt,
  problem: { code: string; message: string },
): WorkflowFileRow {
  return { repoKey, ...file, blobSha: '', problem };
}

function toReading(row: WorkflowFileRow): WorkflowReading {
  if (row.problem) return { problem: row.problem };
  return readWorkflow(row.text ?? '');
}
