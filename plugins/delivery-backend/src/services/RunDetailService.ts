import { NotFoundError } from '@backstage/errors';
import type { RunDetail } from 'backstage-plugin-delivery-common';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { ApprovalViews } from './approvals/ApprovalViews';
import type { Artifacts } from './Artifacts';
import type { ChangeFeed } from './ChangeFeed';
import { withCode } from './errors';
import type { Expectations } from './Expectations';
import type { IngestionView } from './IngestionView';
import type { ReadableRun } from './RunAccess';
import type { RunGaps } from './RunGaps';
import type { RunGraphs } from './RunGraphs';
import type { StageKeeper } from './StageKeeper';
import { toAttempt, toDeployment, toJob, toRunSummary } from './runView';

/** What the service works with. */
export interface RunDetailServiceOptions {
  store: DeliveryStore;
  feed: ChangeFeed;
  ingestion: IngestionView;
  expectations: Expectations;
  graphs: RunGraphs;
  gaps: RunGaps;
  stages: Pick<StageKeeper, 'add'>;
  artifacts: Artifacts;
  /** What waits for somebody, or was decided; absent: nothing is asked. */
  approvals?: Pick<ApprovalViews, 'ofRun'>;
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
    const { store, feed, ingestion, expectations, graphs, artifacts, gaps } =
      this.#options;
    const { run, repository, services, via } = readable;
    const attempt = wanted ?? run.attempt;
    const attempts = await store.attempts(run.runKey);
    // A vendor counts attempts from one; what lies between was not told yet but can be asked for.
    if (attempt > run.attempt) {
      throw withCode(
        new NotFoundError(
          `The run ${run.runKey} has no attempt ${attempt}; its newest is ${run.attempt}.`,
        ),
        'attempt_not_found',
        { run: run.runKey, attempt: String(attempt) },
      );
    }
    const [jobs, deployments] = await Promise.all([
      gaps.jobs(run, repository, attempt),
      store.deploymentsOfRun(run.runKey),
    ]);
    const { defaultBranch } = repository;
    const [graph, artifactList, state, since, ofRun, ofJobs, approvals] =
      await Promise.all([
        graphs.forPage(run, repository, jobs),
        artifacts.of(run, repository),
        ingestion.of(repository.host, repository.slug),
        ingestion.deploymentsKnownSince(repository.host, repository.slug, run),
        expectations.ofRun(run, defaultBranch),
        expectations.ofJobs(run, jobs, defaultBranch),
        this.#options.approvals?.ofRun(run.runKey, services) ?? [],
      ]);
    // The file of an older run is read only now: its strip can be the graph's columns from here on.
    if (graph.kind === 'placed') this.#options.stages.add([run.runKey]);
    return {
      run: toRunSummary(run, ofRun),
      attempts: attempts.map(toAttempt),
      attempt,
      jobs: jobs.map((job, index) => toJob(job, ofJobs[index])),
      graph,
      artifacts: artifactList,
      deployments: deployments.map(toDeployment),
      deploymentsKnownSince: since,
      services,
      approvals,
      capabilities: {
        log: Boolean(this.#options.providerOf(repository.host)?.openLog),
      },
      ingestion: state,
      signalKey: feed.keyOf(via),
      asOf: this.#options.now(),
    };
  }
}
