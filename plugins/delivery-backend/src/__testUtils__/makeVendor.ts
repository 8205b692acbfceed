import { mockServices } from '@backstage/backend-test-utils';
import { NotFoundError } from '@backstage/errors';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import type {
  ArtifactRow,
  JobRow,
  PushRow,
  RepositoryRow,
  RunRow,
  WorkflowFileRow,
} from '../database/rows';
import { RunGraphs } from '../services/RunGraphs';
import { WorkflowFiles } from '../services/WorkflowFiles';

export const SHA = 'a'.repeat(40);
export const MAIN = `
jobs:
  test:
    strategy: { matrix: { os: [a, b] } }
  deploy:
    needs: test
    uses: ./.github/workflows/deploy.yml
  scan:
    uses: acme/shared/.github/workflows/scan.yml@v1
`;
const DEPLOY = `
jobs:
  publish:
    environment: production
`;
export const SCAN = `
jobs:
  codeql: {}
`;

export const repository: RepositoryRow = {
  repoKey: 'gh/7',
  host: 'github.com',
  slug: 'acme/api',
  url: 'https://github.com/acme/api',
  deleted: false,
};
export const run: RunRow = {
  runKey: 'gh.1',
  repoKey: 'gh/7',
  pipelineKey: 'gh/7/5',
  pipelineName: 'CI',
  pipelinePath: '.github/workflows/ci.yml',
  runNumber: 1,
  title: 'a run',
  event: 'push',
  sha: SHA,
  url: 'https://github.com/acme/api/actions/runs/1',
  createdAt: 1_000,
  referenced: [
    {
      path: 'acme/shared/.github/workflows/scan.yml@v1',
      sha: 'c'.repeat(40),
    },
  ],
  attempt: 1,
  state: { status: 'waiting', rawStatus: 'waiting' },
  status: 'waiting',
  updatedAt: 1_000,
  stages: [],
  waitingFor: [],
  needsConfirm: false,
};
function job(name: string, id: number, status = 'completed'): JobRow {
  const state =
    status === 'waiting'
      ? { status: 'waiting' as const, rawStatus: 'waiting' }
      : {
          status: 'completed' as const,
          conclusion: 'success' as const,
          rawStatus: 'completed',
          rawConclusion: 'success',
        };
  return {
    jobKey: `gh.${id}`,
    runKey: 'gh.1',
    repoKey: 'gh/7',
    attempt: 1,
    name,
    state,
    labels: [],
    steps: [],
  };
}
export const jobs = [
  job('test (a)', 11),
  job('test (b)', 12),
  job('deploy / publish', 13, 'waiting'),
  job('scan / codeql', 14),
];

/** The part of the store that keeps what is fetched once. */
class FileStore {
  files = new Map<string, WorkflowFileRow>();
  pushes: PushRow[] = [];
  kept: ArtifactRow[] | undefined;

  async workflowFile(repoKey: string, path: string, sha: string) {
    return this.files.get(`${repoKey} ${path} ${sha}`);
  }
  async saveWorkflowFile(row: WorkflowFileRow) {
    this.files.set(`${row.repoKey} ${row.path} ${row.sha}`, row);
  }
  async pushesTo(_repoKey: string, sha: string) {
    return this.pushes.filter(push => push.after === sha);
  }
  async artifacts() {
    return this.kept;
  }
  async saveArtifacts(_runKey: string, items: ArtifactRow[]) {
    this.kept = items;
  }
}

/** A provider that has three workflow files, and a store for what is read of it. */
export function makeVendor(overrides: Partial<DeliveryProvider> = {}) {
  const store = new FileStore();
  const clock = { now: 2_000 };
  const texts: Record<string, string> = {
    'acme/api/.github/workflows/ci.yml': MAIN,
    'acme/api/.github/workflows/deploy.yml': DEPLOY,
    'acme/shared/.github/workflows/scan.yml': SCAN,
  };
  const readWorkflowFile = jest.fn<
    ReturnType<NonNullable<DeliveryProvider['readWorkflowFile']>>,
    Parameters<NonNullable<DeliveryProvider['readWorkflowFile']>>
  >(async (scope, file) => {
    const text = texts[`${scope.slug}/${file.path}`];
    if (!text) throw new NotFoundError('no such file');
    return { ...file, blobSha: 'b', text };
  });
  const provider: DeliveryProvider = {
    id: 'fake',
    hosts: ['github.com'],
    parseEvent: () => ({ kind: 'changes', changes: [] }),
    listChanges: async () => ({ changes: [] }),
    readWorkflowFile,
    ...overrides,
  };
  const options = {
    store,
    logger: mockServices.logger.mock(),
    providerOf: (host: string) =>
      host === 'github.com' ? provider : undefined,
    now: () => clock.now,
  };
  const files = new WorkflowFiles(options);
  const graphs = new RunGraphs({ files });
  return { store, clock, readWorkflowFile, options, files, graphs };
}
