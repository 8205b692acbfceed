import type { DeliveryStore } from '../database/DeliveryStore';
import type { JobRow, RunRow } from '../database/rows';
import type { Expectation } from './runView';

/** What a service's own history says of how long runs take. */
export class Expectations {
  constructor(readonly options: { store: DeliveryStore; now: () => number }) {}

  async ofRun(_row: RunRow): Promise<Expectation> {
    return {};
  }
  async ofJobs(
    _row: RunRow,
    jobs: JobRow[],
  ): Promise<{ run: Expectation; jobs: Expectation[] }> {
    return { run: {}, jobs: jobs.map(() => ({})) };
  }
}
