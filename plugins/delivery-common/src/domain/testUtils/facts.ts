import type { Change, Fact, JobFact, RunFact } from '../../model';
import { toState } from '../vendorWords';

/** A run fact with plain values. */
export function runFact(
  raw: { status: string; conclusion?: string },
  part: Partial<RunFact> = {},
): RunFact {
  return {
    kind: 'run',
    runKey: 'gh.100',
    repoKey: 'gh/1',
    pipelineKey: 'gh/1/7',
    pipelineName: 'Deploy',
    pipelinePath: '.github/workflows/deploy.yml',
    runNumber: 12,
    title: 'Charge cards once',
    event: 'push',
    branch: 'main',
    sha: 'a'.repeat(40),
    actor: 'mona',
    url: 'https://github.com/acme/payments/actions/runs/100',
    createdAt: 1_000,
    referenced: [],
    attempt: 1,
    state: toState(raw.status, raw.conclusion),
    startedAt: 1_000,
    updatedAt: 1_000,
    ...part,
  };
}

/** A job fact with plain values. */
export function jobFact(
  raw: { status: string; conclusion?: string },
  part: Partial<JobFact> = {},
): JobFact {
  return {
    kind: 'job',
    jobKey: 'gh.200',
    runKey: 'gh.100',
    repoKey: 'gh/1',
    attempt: 1,
    name: 'test',
    state: toState(raw.status, raw.conclusion),
    labels: ['ubuntu-latest'],
    steps: [],
    ...part,
  };
}

/** The fact as a webhook told it, arriving at `at`. */
export function hint(fact: Fact, at: number): Change {
  return { fact, observed: { source: 'webhook', at } };
}

/** The fact as a read told it that began at `at`. */
export function read(fact: Fact, at: number): Change {
  return { fact, observed: { source: 'api', at } };
}
