import type { Check } from 'backstage-plugin-delivery-common';
import {
  migrationsIn,
  type ChangeRange,
} from 'backstage-plugin-delivery-common/domain';
import type { UserToken } from 'backstage-plugin-delivery-node';
import type { ProviderOf } from '../acts/vendorRefs';
import { BoundedCache } from '../BoundedCache';
import { toProblem } from '../vendorRead';
import type { RollbackFacts, RollbackTarget } from './RollbackFacts';
import { named } from './words';

/** What lies between two commits never changes; the cache only has an end. */
const TTL_MS = 60 * 60_000;
/** Targets of a list whose commits are compared with what runs: each may cost the vendor dozens of calls. */
const COMPARED = 5;
const ECR = /^\d{12}\.dkr[.-]ecr/;
const MAX_NAMED = 3;

/** Whether a deployment can still be gone back to, and what to think of before. */
export class TargetChecks {
  readonly #providerOf: ProviderOf;
  readonly #ranges: BoundedCache<ChangeRange>;

  constructor(options: { providerOf: ProviderOf; now: () => number }) {
    this.#providerOf = options.providerOf;
    const { now } = options;
    this.#ranges = new BoundedCache({ maxEntries: 500, ttlMs: TTL_MS, now });
  }

  /** Of every target, in their order; reads with the portal's credentials. */
  async ofAll(facts: RollbackFacts, signal: AbortSignal): Promise<Check[][]> {
    return Promise.all(
      facts.targets.map((target, index) =>
        this.of(facts, target, index < COMPARED, signal),
      ),
    );
  }

  /** @param compare - false: what lies between is said to be not compared */
  async of(
    facts: RollbackFacts,
    target: RollbackTarget,
    compare: boolean,
    signal: AbortSignal,
  ): Promise<Check[]> {
    const [taskDefinition, image, migrations] = await Promise.all([
      taskDefinitionCheck(facts, target, signal),
      imageCheck(facts, target, signal),
      this.#migrations(facts, target, compare, signal),
    ]);
    return [
      ...taskDefinition,
      ...image,
      approvedCheck(facts, target),
      migrations,
      freeCheck(facts),
      {
        code: 'data_stays',
        state: 'warn',
        message:
          'The database and the configuration are not rolled back: only the version that runs.',
      },
    ];
  }

  /** Commits that one has and the other has not. With the person's token nothing is taken from the cache. */
  async range(
    { repository }: RollbackFacts,
    between: { base: string; head: string },
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<ChangeRange | undefined> {
    const { host, slug, repoKey } = repository;
    const acts = this.#providerOf(host)?.acts;
    if (!acts) return undefined;
    const scope = { host, slug, repoKey };
    const read = () => acts.readRange(scope, between, token, signal);
    return token
      ? read()
      : this.#ranges.get(`${repoKey} ${between.base} ${between.head}`, read);
  }

  async #migrations(
    facts: RollbackFacts,
    target: RollbackTarget,
    compare: boolean,
    signal: AbortSignal,
  ): Promise<Check> {
    const code = 'migrations';
    const base = target.commit.sha;
    const head = facts.running?.commit.sha;
    const unknown = (message: string): Check => ({
      ...{ code, state: 'unknown', message },
    });
    if (!base || !head) {
      return unknown(
        'Whether the database changed in between is not known, because one of the two commits is not.',
      );
    }
    if (!compare) {
      return unknown(
        `Only the ${COMPARED} newest are compared with what runs: look for migrations in between yourself.`,
      );
    }
    try {
      const range = await this.range(
        ...([facts, { base, head }, undefined, signal] as const),
      );
      return range
        ? migrationsCheck(range)
        : unknown('This vendor does not tell what lies in between.');
    } catch (error) {
      const what = 'What lies between the two versions';
      return unknown(toProblem(error, what).message);
    }
  }
}

function migrationsCheck(range: ChangeRange): Check {
  const code = 'migrations';
  const files = migrationsIn(range.files);
  if (files.length > 0) {
    const more = files.length - MAX_NAMED;
    return {
      code,
      state: 'warn',
      message: `The database changed since (${files
        .slice(0, MAX_NAMED)
        .map(path => named(path, 120))
        .join(', ')}${
        more > 0 ? ` and ${more} more` : ''
      }): the earlier version has to work with the database as it is now, which it does only where changes first expand and later contract.`,
    };
  }
  return range.filesCut
    ? {
        ...{ code, state: 'unknown' },
        message:
          'Too many files changed since to see all: look for migrations yourself.',
      }
    : {
        ...{ code, state: 'pass' },
        message: 'No migration of a database was touched since.',
      };
}

async function taskDefinitionCheck(
  { runtime }: RollbackFacts,
  { taskDefinition }: RollbackTarget,
  signal: AbortSignal,
): Promise<Check[]> {
  if (!runtime) return [];
  const code = 'task_definition';
  if (taskDefinition === undefined) {
    return [
      {
        ...{ code, state: 'unknown' },
        message: 'Which task definition it ran is not known.',
      },
    ];
  }
  const { provider, ref } = runtime;
  try {
    const isActive = provider.acts
      ? await provider.acts.taskDefinitionIsActive(ref, taskDefinition, signal)
      : (await provider.readTaskDefinition(ref, taskDefinition, signal))
          .status === 'active';
    const name = named(taskDefinition.split('/').at(-1) ?? taskDefinition);
    return [
      isActive
        ? {
            ...{ code, state: 'pass' },
            message: `The task definition ${name} is active.`,
          }
        : {
            ...{ code, state: 'fail' },
            message: `The task definition ${name} was deregistered: it cannot be started again.`,
          },
    ];
  } catch (error) {
    const { message } = toProblem(error, 'The task definition');
    return [{ code, state: 'unknown', message }];
  }
}

async function imageCheck(
  { runtime }: RollbackFacts,
  { images }: RollbackTarget,
  signal: AbortSignal,
): Promise<Check[]> {
  if (!runtime) return [];
  const code = 'image';
  // Of other registries the reader says "missing", because it never asks them.
  const asked = images.flatMap(({ repository, digest }) =>
    digest && ECR.test(repository) ? [{ repository, digest }] : [],
  );
  if (asked.length === 0) {
    return [
      {
        ...{ code, state: 'unknown' },
        message: 'Whether its image is still there cannot be looked up.',
      },
    ];
  }
  try {
    const facts = await runtime.provider.readImages(asked, signal);
    if (facts.some(({ missing }) => missing)) {
      return [
        {
          ...{ code, state: 'fail' },
          message:
            'Its image is not in the registry any more: it cannot be started again.',
        },
      ];
    }
    return [
      facts.length === asked.length
        ? {
            ...{ code, state: 'pass' },
            message: 'Its image is in the registry.',
          }
        : {
            ...{ code, state: 'unknown' },
            message: 'Whether all of its images are still there was not told.',
          },
    ];
  } catch (error) {
    const { message } = toProblem(error, 'The registry');
    return [{ code, state: 'unknown', message }];
  }
}

function approvedCheck(
  { binding }: RollbackFacts,
  { approvedBy }: RollbackTarget,
): Check {
  const code = 'approved';
  if (approvedBy.length > 0) {
    return {
      ...{ code, state: 'pass' },
      message: `Approved then by ${approvedBy
        .slice(0, MAX_NAMED)
        .map(login => named(login))
        .join(', ')}.`,
    };
  }
  return binding.tier === 'production'
    ? {
        ...{ code, state: 'warn' },
        message: 'Who approved it then is not known.',
      }
    : {
        ...{ code, state: 'pass' },
        message: 'Nobody has to approve what runs here.',
      };
}

function freeCheck({ heldBy }: RollbackFacts): Check {
  const code = 'environment_free';
  return heldBy
    ? {
        ...{ code, state: 'warn' },
        message: `Run #${heldBy.runNumber} holds the environment: it may deploy over what is rolled back.`,
      }
    : {
        ...{ code, state: 'pass' },
        message: 'No run holds the environment.',
      };
}
