import type { Entity } from '@backstage/catalog-model';
import type { Comparison, Environment } from 'backstage-plugin-delivery-common';
import type { DeliveryStore } from '../database/DeliveryStore';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import type { Comparisons, KnownRange } from './Comparisons';
import type { EntityIndex } from './EntityIndex';
import { requireEnvironment } from './environmentNames';
import { patiently, toProblem } from './vendorRead';

/** Longest that a page waits for the vendor. */
const WAIT_MS = 5_000;

/** What it works with. */
export interface CompareServiceOptions {
  store: Pick<DeliveryStore, 'repositoryBySlug'>;
  environments: Pick<EnvironmentStore, 'environments'>;
  index: Pick<EntityIndex, 'bind'>;
  comparisons: Comparisons;
  now: () => number;
}

/** What lies between the commits of two environments. Who may read it was decided before. */
export class CompareService {
  readonly #options: CompareServiceOptions;

  constructor(options: CompareServiceOptions) {
    this.#options = options;
  }

  /** @throws `NotFoundError` naming the environments there are */
  async compare(
    entity: Entity,
    query: { from: string; to: string },
  ): Promise<Comparison> {
    const { store, environments, index, now } = this.#options;
    const { entityRef, host, slug } = await index.bind(entity);
    const rows = await environments.environments(entityRef);
    const [from, to] = [query.from, query.to].map(
      name => requireEnvironment(entityRef, rows, name).environment,
    );
    const ends = {
      from: { environment: from.name, commit: from.commit },
      to: { environment: to.name, commit: to.commit },
    };
    const nothing = (problem: { code: string; message: string }) => ({
      ...ends,
      ...{ status: 'unknown' as const, source: 'none' as const },
      ...{ commits: [], total: 0, missing: 0 },
      problem: { ...problem, at: now() },
      asOf: now(),
    });
    const base = from.commit?.sha;
    const head = to.commit?.sha;
    if (!base || !head) return nothing(unknownCommit(base ? to : from));
    const repository = await store.repositoryBySlug(host, slug);
    if (!repository) {
      return nothing({
        code: 'repository_unknown',
        message: `Nothing was heard of the repository ${slug} yet; look again in a minute.`,
      });
    }
    try {
      const known = await patiently(
        this.#options.comparisons.between(repository, base, head),
        WAIT_MS,
      );
      if (known) {
        return { ...ends, ...toComparison(known, repository.url), asOf: now() };
      }
      return nothing({
        code: 'compare_missing',
        message: `The vendor of ${slug} cannot compare commits.`,
      });
    } catch (error) {
      return nothing(toProblem(error, 'The comparison'));
    }
  }
}

function unknownCommit({ name, commit }: Environment): {
  code: string;
  message: string;
} {
  const why = commit?.reason?.message ?? 'Nothing was deployed there yet.';
  return {
    code: commit?.reason?.code ?? 'commit_unknown',
    message: `Which commit ${name} runs is not known: ${why}`,
  };
}

function toComparison({ range, source }: KnownRange, repositoryUrl: string) {
  const { status, commits, aheadBy, behindBy, url } = range;
  return {
    ...{ status, source, url },
    commits: commits.map(({ sha, title, author, at, pullRequest }) => ({
      ...{ sha, title, author, at, pullRequest },
      url: `${repositoryUrl}/commit/${sha}`,
    })),
    total: aheadBy,
    missing: behindBy,
  };
}
