import type { JobGraph } from 'backstage-plugin-delivery-common';
import type { JobRow, RepositoryRow, RunRow } from '../database/rows';

export class RunGraphs {
  async of(
    _run: RunRow,
    _repository: RepositoryRow,
    _jobs: JobRow[],
  ): Promise<JobGraph> {
    return { kind: 'flat', nodes: [], edges: [], groups: [], unplaced: [] };
  }
}
