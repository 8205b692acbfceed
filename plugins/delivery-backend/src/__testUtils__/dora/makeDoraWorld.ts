import { mockServices } from '@backstage/backend-test-utils';
import {
  type Change,
  DEFAULT_DORA_SETTINGS,
  type DoraSettings,
  type JobFact,
  type RunFact,
  type RuntimeDeploymentFact,
} from 'backstage-plugin-delivery-common';
import { toState } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import { DatabaseDeliveryStore } from '../../database/DatabaseDeliveryStore';
import {
  binding,
  hint,
  jobFact,
  NOON,
  read,
  REPO,
  repositoryFact,
  runFact,
} from '../../database/DatabaseDeliveryStore/testFacts';
import {
  definitionFact,
  deploymentFact,
  environmentBinding,
  keyOf,
  revisionFact,
} from '../../database/DatabaseEnvironmentStore/testRuntime';
import type { ChangeListener } from '../../services/ChangeFeed';
import { DoraFactsReader } from '../../services/dora/DoraFactsReader';
import { DoraKeeper } from '../../services/dora/DoraKeeper';

export { NOON, REPO };
export const API = 'component:default/api';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const ALWAYS = { from: 0, to: NOON + 1_000 * DAY };

/** A commit of the tests: forty times the same two digits. */
export function shaOf(n: number): string {
  return n.toString(16).padStart(2, '0').repeat(20);
}

type Step = [name: string, conclusion: string];

/** One attempt of a run that deploys. */
export interface Told {
  id: number;
  sha: string;
  /** When the job that deploys began. */
  at: number;
  attempt?: number;
  environment?: string;
  /** Conclusion of the job; `undefined`: none of it is told. */
  job?: string;
  steps?: Step[];
  /** Of the run; as the job by default. */
  conclusion?: string;
  /** Of the deployment, a minute apart, from `at` on. */
  states?: string[];
  run?: Partial<RunFact>;
  /** More jobs of the same attempt. */
  jobs?: Partial<JobFact>[];
}

/** All facts of it, as a vendor's API tells them: they may be applied in any order. */
export function factsOf(told: Told): Change[] {
  const { id, sha, at, attempt = 1, environment = 'production' } = told;
  const { job = 'success', steps = [], states = ['in_progress', job] } = told;
  const { conclusion = job } = told;
  const end = at + Math.max(steps.length, 4) * MINUTE;
  const deploymentId = id * 10 + attempt;
  const createdAt = NOON + id * 1_000;
  return [
    read(
      runFact(id, 'completed', conclusion, {
        ...{ sha, attempt, createdAt, startedAt: at - MINUTE, updatedAt: end },
        ...told.run,
      }),
      end,
    ),
    read(
      jobFact(deploymentId, id, 'completed', job, {
        ...{ attempt, environment, name: 'Deploy', startedAt: at },
        completedAt: end,
        steps: steps.map(([name, word], index) => ({
          ...{ number: index + 1, name, state: toState('completed', word) },
          startedAt: at + index * MINUTE,
          completedAt: at + (index + 1) * MINUTE,
        })),
      }),
      end,
    ),
    ...(told.jobs ?? []).map((more, index) =>
      read(
        jobFact(deploymentId * 10 + index, id, 'completed', 'success', {
          ...{ attempt, startedAt: end + MINUTE, completedAt: end + HOUR / 6 },
          ...more,
        }),
        end,
      ),
    ),
    ...(states.length === 0
      ? []
      : [
          hint({
            ...{ kind: 'deployment', repoKey: REPO, environment, sha },
            deploymentKey: `github_com.${deploymentId}`,
            ...{ runKey: `github_com.${id}`, ref: 'main', creator: 'dana' },
            createdAt: at - MINUTE,
          }),
        ]),
    ...states.map((state, index) =>
      hint({
        ...{ kind: 'deploymentStatus', repoKey: REPO, state },
        statusKey: `github_com.${deploymentId * 10 + index}`,
        deploymentKey: `github_com.${deploymentId}`,
        createdAt: at + index * 2 * MINUTE,
      }),
    ),
  ];
}

/** A store with one repository, and what derives metrics from it; the clock is moved by hand. */
export async function makeDoraWorld(
  database: Knex,
  options: { settings?: Partial<DoraSettings>; services?: string[] } = {},
) {
  const settings = { ...DEFAULT_DORA_SETTINGS, ...options.settings };
  const { services = ['api'] } = options;
  const clock = { at: NOON + 30 * DAY };
  const store = await DatabaseDeliveryStore.create({ database });
  const { environments, changes, dora } = store;
  const logger = mockServices.logger.mock();
  const timers: (() => void)[] = [];
  const listeners: ChangeListener[] = [];
  const now = () => clock.at;
  const common = { store, environments, changes, dora, settings, logger, now };
  const facts = new DoraFactsReader(common);
  const startKeeper = (overrides: object = {}) =>
    new DoraKeeper({
      ...{ ...common, facts },
      feed: { listen: listener => listeners.push(listener) },
      later: (_ms, run) => {
        timers.push(run);
        return { cancel: () => {} };
      },
      ...overrides,
    });
  const keeper = startKeeper();
  await store.apply([hint(repositoryFact())]);

  return {
    ...{ store, environments, changes, dora, logger, clock, settings },
    ...{ facts, keeper, startKeeper, timers, listeners },
    /** Binds services to the repository and to their environments. */
    bind: async (more: Parameters<typeof binding>[1] = {}) => {
      await store.replaceBindings(
        services.map(name => binding(name, more)),
        true,
      );
      await environments.replaceEnvironments(
        services.flatMap(name => [
          environmentBinding(name, 'staging', { tier: 'staging' }),
          environmentBinding(name, 'production', {
            ...{ tier: 'production', position: 1 },
          }),
        ]),
        { complete: true },
      );
    },
    /** Gives production a runtime; its deployments are told by `ecs`. */
    withRuntime: () =>
      environments.replaceEnvironments(
        [
          environmentBinding('api', 'production', {
            ...{ tier: 'production', runtimeKey: keyOf('api') },
          }),
        ],
        { complete: true },
      ),
    tell: async (...told: Told[]) => {
      for (const each of told) await store.apply(factsOf(each));
    },
    /** A deployment of ECS that brings a commit. */
    ecs: async (
      n: number,
      sha: string,
      more: Partial<RuntimeDeploymentFact> & { createdAt: number },
    ) => {
      const at = more.finishedAt ?? more.createdAt;
      const [definition] = definitionFact('api', n).containers;
      const image = `registry.example/acme/api:${sha}`;
      await environments.applyRuntime(
        [
          revisionFact('api', n, {
            images: [
              {
                ...{ container: 'app', image },
                digest: `sha256:${sha.padEnd(64, '0')}`,
              },
            ],
          }),
          definitionFact('api', n, { containers: [{ ...definition, image }] }),
          deploymentFact('api', n, {
            ...{ status: 'succeeded', rawStatus: 'SUCCESSFUL', ...more },
          }),
        ].map(fact => ({ at, fact })),
      );
    },
    fire: async () => {
      await keeper.idle();
      timers.splice(0).forEach(run => run());
      await keeper.idle();
    },
    rows: async (service = API) => {
      const stored = await dora.deployments([service], ALWAYS);
      return stored.map(row => row.deployment);
    },
  };
}

export type DoraWorld = Awaited<ReturnType<typeof makeDoraWorld>>;
