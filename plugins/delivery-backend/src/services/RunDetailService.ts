import { NotFoundError } from '@backstage/errors';
import type { RunDetail } from 'backstage-plugin-delivery-common';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { Artifacts } from './Artifacts';
import type { ChangeFeed } from './ChangeFeed';
import { withCode } from './errors';
import type { Expectations } from './Expectations';
import type { IngestionView } from './IngestionView';
import type { ReadableRun } from './RunAccess';
import type { RunGraphs } from './RunGraphs';
import { toAttempt, toDeployment, toJob, toRunSummary } from './runView';

/** What the service works with. */
export interface RunDetailServiceOptions {
  store: DeliveryStore;
  feed: ChangeFeed;
  ingestion: IngestionView;
  expectations: Expectations;
  graphs: RunGraphs;
  artifacts: Artifacts;
  providerOf: (host: string) => DeliveryProvider | undefined;
  now: () => number;
}

/** One run with all that belongs to it. Who may read it was decided before. */
export class RunDetailService {
  readonly #options: RunDetailServiceOptions;

  constructor(options: RunDetailServiceOptions) {
    this.#options = options;
  }

  /**
   * @param wanted - attempt whose jobs to give; the current one when absent
   * @throws `NotFoundError` for an attempt that the run does not have
   */
  async run(readable: ReadableRun, wanted?: number): Promise<RunDetail> {
    const { store, feed, ingestion, expectations, graphs, artifacts, now } =
      this.#options;
    const { run, repository, services, via } = readable;
    const attempt = wanted ?? run.attempt;
    const [attempts, jobs, deployments] = await Promise.all([
      store.attempts(run.runKey),
      store.jobs([run.runKey], attempt),
      store.deploymentsOfRun(run.runKey),
    ]);
    if (attempt !== run.attempt && !attempts.some(a => a.attempt === attempt)) {
      throw withCode(
        new NotFoundError(
          `The run ${run.runKey} has no attempt ${attempt}; its newest is ${run.attempt}.`,
        ),
        'attempt_not_found',
        { run: run.runKey, attempt: String(attempt) },
      );
    }
    const [graph, artifactList, state, expected] = await Promise.all([
      graphs.of(run, repository, jobs),
      artifacts.of(run, repository),
      ingestion.of(repository.host, repository.slug),
      expectations.ofJobs(run, jobs),
    ]);
    return {
      run: toRunSummary(run, expected.run),
      attempts: attempts.map(toAttempt),
      attempt,
      jobs: jobs.map((job, index) => toJob(job, expected.jobs[index])),
      graph,
      artifacts: artifactList,
      deployments: deployments.map(toDeployment),
      services,
      capabilities: {
        log: Boolean(this.#options.providerOf(repository.host)?.openLog),
      },
      ingestion: state,
      signalKey: feed.keyOf(via),
      asOf: now(),
    };
  }
}
