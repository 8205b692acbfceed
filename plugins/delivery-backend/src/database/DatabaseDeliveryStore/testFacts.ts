import type {
  Change,
  Fact,
  JobFact,
  RepositoryFact,
  RunFact,
} from 'backstage-plugin-delivery-common';
import { toState } from 'backstage-plugin-delivery-common/domain';
import type { BindingRow } from '../rows';

/** Facts for tests of the store: small, complete, each overridable. */
export const REPO = 'github_com/1';
export const NOON = Date.UTC(2026, 10, 20, 12);

export function hint(fact: Fact, at: number = NOON): Change {
  return { fact, observed: { source: 'webhook', at } };
}

export function read(fact: Fact, at: number = NOON): Change {
  return { fact, observed: { source: 'api', at } };
}

export function repositoryFact(
  more: Partial<RepositoryFact> = {},
): RepositoryFact {
  return {
    kind: 'repository',
    repoKey: REPO,
    slug: 'Acme/Vaultex',
    url: 'https://github.com/Acme/Vaultex',
    defaultBranch: 'main',
    ...more,
  };
}

export function runFact(
  id: number,
  status: string,
  conclusion?: string,
  more: Partial<RunFact> = {},
): RunFact {
  return {
    kind: 'run',
    runKey: `github_com.${id}`,
    repoKey: REPO,
    pipelineKey: `${REPO}/7`,
    pipelineName: 'Deploy',
    pipelinePath: '.github/workflows/deploy.yml',
    runNumber: id,
    title: `Change ${id}`,
    event: 'push',
    branch: 'main',
    sha: 'a'.repeat(40),
    actor: 'dana',
    url: `https://github.com/Acme/Vaultex/actions/runs/${id}`,
    createdAt: NOON + id * 1000,
    referenced: [],
    attempt: 1,
    triggeringActor: 'dana',
    state: toState(status, conclusion),
    startedAt: NOON + id * 1000,
    updatedAt: NOON + id * 1000 + 1,
    ...more,
  };
}

export function jobFact(
  id: number,
  runId: number,
  status: string,
  conclusion?: string,
  more: Partial<JobFact> = {},
): JobFact {
  return {
    kind: 'job',
    jobKey: `github_com.${id}`,
    runKey: `github_com.${runId}`,
    repoKey: REPO,
    attempt: 1,
    name: 'build',
    state: toState(status, conclusion),
    labels: ['ubuntu-latest'],
    steps: [],
    ...more,
  };
}

export function binding(
  name: string,
  more: Partial<BindingRow> = {},
): BindingRow {
  return {
    entityRef: `component:default/${name}`,
    host: 'github.com',
    slug: 'acme/vaultex',
    workflows: [],
    paths: [],
    ...more,
  };
}
