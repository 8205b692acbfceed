import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Knex } from 'knex';
import { service } from '../startDelivery';
import type { AuditContent, AuditEntry } from '../../database/AuditStore';
import { DatabaseDeliveryStore } from '../../database/DatabaseDeliveryStore';
import {
  binding,
  jobFact,
  NOON,
  read,
  REPO,
  repositoryFact,
  runFact,
} from '../../database/DatabaseDeliveryStore/testFacts';
import {
  environment,
  environmentBinding,
  logicalDeployment,
} from '../../database/DatabaseEnvironmentStore/testRuntime';
import type { ChangeListener } from '../../services/ChangeFeed';
import { AccountDirectory } from '../../services/approvals/AccountDirectory';
import { ApprovalKeeper } from '../../services/approvals/ApprovalKeeper';
import { ApprovalNotices } from '../../services/approvals/ApprovalNotices';
import { ApprovalSubjects } from '../../services/approvals/ApprovalSubjects';
import { GateCandidates } from '../../services/approvals/GateCandidates';
import { GateDecisions } from '../../services/approvals/GateDecisions';
import { FakeGate, NODE_OF, RUNNING, SHA } from './FakeGate';

export const API = 'component:default/api';
export const RUN = 'github_com.1';
export const MINUTE = 60_000;
export { NOON, REPO };

function person(name: string, groups: string[] = []): Entity {
  return {
    ...{ apiVersion: 'backstage.io/v1alpha1', kind: 'User' },
    metadata: {
      name,
      annotations: {
        'github.com/user-login': name,
        'github.com/user-id': NODE_OF[name] ?? `U_${name}`,
      },
    },
    relations: groups.map(group => ({
      ...{ type: 'memberOf', targetRef: `group:default/${group}` },
    })),
  };
}

/** Everybody of the demo; dana asks, cleo and ravi may decide. */
export const ENTITIES: Entity[] = [
  service('api', 'acme/vaultex'),
  service('web', 'acme/vaultex'),
  ...[person('dana'), person('ravi', ['leads']), person('cleo')],
  {
    ...{ apiVersion: 'backstage.io/v1alpha1', kind: 'Group' },
    metadata: {
      name: 'leads',
      annotations: { 'github.com/team-slug': 'acme/leads' },
    },
  },
];

/** The real store, a vendor and a portal around the keeper of approvals; time is moved by hand. */
export async function makeApprovals(
  db: Knex,
  shared: { gate?: FakeGate; clock?: { now: number } } = {},
) {
  const store = await DatabaseDeliveryStore.create({ database: db });
  const clock = shared.clock ?? { now: NOON + 60 * MINUTE };
  const now = () => clock.now;
  const gate = shared.gate ?? new FakeGate();
  const provider = gate.provider();
  const providerOf = () => provider;
  const logger = mockServices.logger.mock();
  const auth = mockServices.auth();
  const catalog = catalogServiceMock({ entities: ENTITIES });
  const listeners: ChangeListener[] = [];
  const timers: (() => void)[] = [];
  const send = jest.fn<Promise<void>, Parameters<NotificationService['send']>>(
    async () => {},
  );
  const entries: Omit<AuditContent, 'at'>[] = [];
  const announced: string[][] = [];
  const common = { store, logger, now, providerOf, catalog, auth };
  const environments = store.environments;
  const approvals = store.approvals;
  const directory = new AccountDirectory(common);
  const subjects = new ApprovalSubjects({ ...common, environments });
  const decisions = new GateDecisions({ approvals, environments, providerOf });
  const identities = {
    resolve: async ({ login, nodeId }: { login: string; nodeId: string }) =>
      NODE_OF[login] === nodeId ? [`user:default/${login}`] : [],
  };
  const candidates = new GateCandidates({ ...common, identities, directory });
  const audit = {
    enabled: true,
    append: async (content: Omit<AuditContent, 'at'>) => {
      entries.push(content);
      return {} as AuditEntry;
    },
  };
  const filled: string[] = [];
  const keeper = new ApprovalKeeper({
    ...common,
    ...{ approvals, decisions, candidates, subjects, directory, audit },
    notices: new ApprovalNotices({
      ...common,
      ...{ directory, notifications: { send } },
    }),
    announce: refs => announced.push(refs),
    feed: { listen: listener => listeners.push(listener) },
    gaps: { fill: async run => void filled.push(run.runKey) },
    later: (_ms, run) => {
      timers.push(run);
      return { cancel: () => {} };
    },
  });
  const tell = async () => {
    listeners.forEach(listener =>
      listener({ repoKeys: [REPO], runKeys: [RUN], entityRefs: [API] }),
    );
    timers.splice(0).forEach(run => run());
    await keeper.idle();
  };
  return {
    ...{ ...common, approvals, environments, directory, subjects, decisions },
    filled,
    ...{
      candidates,
      keeper,
      clock,
      gate,
      send,
      entries,
      announced,
      audit,
      tell,
    },
    signal: new AbortController().signal,
  };
}

export type Approvals = Awaited<ReturnType<typeof makeApprovals>>;

/** A service with two environments, of which production runs an older commit. */
export async function prepare({ store }: Pick<Approvals, 'store'>) {
  await store.replaceBindings([binding('api')], true);
  await store.apply([read(repositoryFact())]);
  const { environments } = store;
  await environments.replaceEnvironments(
    [
      environmentBinding('api', 'staging', { tier: 'staging' }),
      environmentBinding('api', 'production', {
        ...{ position: 1, tier: 'production' },
      }),
    ],
    { complete: true },
  );
  const commit = (sha: string) =>
    logicalDeployment('any', NOON, {}).commit && {
      ...{ sha, source: 'declared' as const, confidence: 'low' as const },
    };
  await environments.saveEnvironments(
    API,
    [
      {
        position: 0,
        environment: environment('staging', {
          ...{ tier: 'staging', commit: commit(SHA), since: NOON },
        }),
        deployments: [],
      },
      {
        position: 1,
        environment: environment('production', {
          ...{ tier: 'production', commit: commit(RUNNING) },
        }),
        deployments: [],
      },
    ],
    NOON,
  );
}

type Status = 'waiting' | 'in_progress' | 'completed';

/** What pipelines tell of the run, at one moment: run, its job, and which gate is closed. */
export async function told(
  { store }: Pick<Approvals, 'store'>,
  status: Status,
  options: { conclusion?: string; attempt?: number; at?: number } = {},
) {
  const { attempt = 1, conclusion } = options;
  const rank = { waiting: 1, in_progress: 2, completed: 3 }[status];
  const at = options.at ?? NOON + attempt * 10 * MINUTE + rank * MINUTE;
  const job = status === 'completed' ? conclusion : undefined;
  await store.apply([
    read(
      runFact(1, status, conclusion, {
        ...{ attempt, updatedAt: at, sha: SHA },
      }),
      at,
    ),
    read(
      jobFact(10 + attempt, 1, status, job, {
        ...{ attempt, environment: 'Production', name: 'deploy' },
        createdAt: NOON + attempt * 10 * MINUTE,
        completedAt: status === 'completed' ? at : undefined,
      }),
      at,
    ),
  ]);
  // As StageKeeper does: from what is stored, not from what was told last.
  const run = await store.run(RUN);
  const jobs = await store.jobs([RUN], run?.attempt);
  const waiting =
    run?.status !== 'completed' &&
    jobs.some(({ state }) => state.status === 'waiting');
  await store.saveStages(RUN, [], waiting ? ['Production'] : []);
}
