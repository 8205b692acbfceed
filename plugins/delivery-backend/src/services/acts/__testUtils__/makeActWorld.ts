import { mockServices } from '@backstage/backend-test-utils';
import type {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  canonical,
  claimOf,
  DEFAULT_POLICY,
  gateViewOf,
  type GatePolicy,
  type GateView,
} from 'backstage-plugin-delivery-common/domain';
import type { RunRow } from '../../../database/rows';
import { Access } from '../../Access';
import type { GateFacts, GateFactsReader } from '../../approvals/GateFacts';
import { ActAccess } from '../ActAccess';
import { CatalogIdentities } from '../CatalogIdentities';
import { createActRunner } from '../createActRunner';
import { Decisions } from '../Decisions';
import type { DecisionEvidence } from '../DecisionWork';
import { Operations } from '../Operations';
import { PersonIdentity } from '../PersonIdentity';
import type { Decided } from '../recordDecision';
import { RunActs } from '../RunActs';
import {
  approvalRow,
  component,
  NOON,
  person,
  REF,
  repository,
  RUN_KEY,
  RUNNING,
  runRow,
} from './actRows';
import { FakeVendor } from './FakeVendor';
import { MemoryAudit } from './MemoryAudit';
import { MemoryApprovalStore } from './MemoryApprovalStore';

/** The acting core over a store in memory, a catalog with people, and a vendor of one run. Time and pauses are driven by hand. */
export async function makeActWorld(
  options: {
    entities?: Entity[];
    permissionsEnabled?: boolean;
    matchLogin?: boolean;
    policy?: Partial<GatePolicy>;
  } = {},
) {
  let at = NOON;
  const now = () => at;
  const vendor = new FakeVendor();
  const run = runRow();
  const logged: string[] = [];
  const logger = mockServices.logger.mock();
  for (const level of ['error', 'warn', 'info', 'debug'] as const) {
    logger[level].mockImplementation((...words: unknown[]) => {
      logged.push(JSON.stringify(words));
    });
  }
  const catalog = catalogServiceMock({
    entities: options.entities ?? [
      component(),
      person('cleo'),
      person('otto'),
      person('dana'),
    ],
  });
  const auth = mockServices.auth();
  const allowed = {
    check: (_permission: string, _who: BackstageCredentials): boolean => true,
  };
  const permissions = mockServices.permissions.mock({
    authorize: async (requests, { credentials }: never) =>
      requests.map(({ permission }) => ({
        result: allowed.check(permission.name, credentials)
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      })),
    authorizeConditional: async (requests, { credentials }: never) =>
      requests.map(({ permission }) => ({
        result: allowed.check(permission.name, credentials)
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      })),
  });
  const approvals = new MemoryApprovalStore(now);
  await approvals.saveApprovals([approvalRow()]);
  const audit = new MemoryAudit(now);
  const auditor = mockServices.auditor.mock();
  const auditEvent = { success: jest.fn(), fail: jest.fn() };
  auditor.createEvent.mockResolvedValue(auditEvent);
  const store = {
    repository: async (key: string) =>
      key === repository.repoKey ? repository : undefined,
    repositoryBySlug: async (_host: string, slug: string) =>
      slug === repository.slug ? repository : undefined,
    run: async (key: string) => (key === RUN_KEY ? run : undefined),
    entitiesOfRun: async () => [REF],
    pipelines: async () => [
      {
        pipelineKey: run.pipelineKey,
        repoKey: run.repoKey,
        name: 'Deploy',
        path: run.pipelinePath,
      },
    ],
    jobs: jest.fn(async () => []),
    deploymentsOfRun: jest.fn(async () => []),
    listRuns: jest.fn(async (): Promise<RunRow[]> => []),
    branches: async () => ['feature'],
  };
  const environments = {
    environmentsOf: async () => [
      {
        entityRef: REF,
        environment: 'live',
        position: 0,
        tier: 'production' as const,
        match: ['production', 'prod-*'],
        stacks: [],
        onlyWhenSeen: false,
      },
    ],
    seenEnvironments: async () => ['production'],
    environments: jest.fn(async () => []),
  };
  const files = {
    read: jest.fn(async () => ({
      workflow: {
        jobs: [
          {
            key: 'deploy',
            needs: [],
            matrix: false,
            environment: 'production',
          },
        ],
      },
    })),
  };
  const index = {
    claim: (entity: Entity) => claimOf(entity, ['github.com'], []),
    requireClaim: (entity: Entity) => {
      const result = claimOf(entity, ['github.com'], []);
      if (result.kind !== 'owned') throw new Error('not owned');
      return result.claim;
    },
  };
  const providerOf = () => vendor.provider;
  const policy = { ...DEFAULT_POLICY, ...options.policy };
  const read: GateFactsReader['read'] = async (
    approval,
    entityRef,
    token,
    signal,
  ): Promise<GateFacts> => {
    const gate = { host: 'github.com', slug: repository.slug };
    const ref = {
      ...{ ...gate, repoKey: repository.repoKey },
      runKey: approval.runKey,
      environment: approval.environment,
    };
    const gateRun = await vendor.acts.readGateRun(ref, token, signal);
    const reading = await vendor.acts.readGate(ref, token, signal);
    if (!reading) throw new Error('the fake vendor has no such environment');
    const view = gateViewOf({
      ...{ runKey: approval.runKey, run: gateRun, gate: reading, policy },
      runningSha: RUNNING,
    });
    return {
      ...{ approval, run, repository, entityRef, policy, gateRun, view },
      environment: 'live',
      gate: gateRun.waiting ? reading : undefined,
      runningSha: RUNNING,
      range: await vendor.acts.readRange(
        ref,
        { base: RUNNING, head: gateRun.headSha },
        token,
        signal,
      ),
      requests: await approvals.requests(approval.runKey),
      viewHash: hashOf(view),
    };
  };
  const evidence: { read: DecisionEvidence } = {
    read: async () => ({ checks: [], pushers: [] }),
  };
  const identity = new PersonIdentity({
    providerOf,
    resolver: new CatalogIdentities({
      ...{ catalog, auth },
      identity: { matchLogin: options.matchLogin ?? false },
    }),
  });
  const access = new ActAccess({
    ...{ catalog, auth, permissions, index, store, audit, providerOf, now },
    permissionsEnabled: options.permissionsEnabled ?? true,
  });
  const told: Decided[] = [];
  const acted: (string | undefined)[] = [];
  const paused: number[] = [];
  const changed: string[] = [];
  const pause = async (ms: number) => {
    paused.push(ms);
  };
  const log: LoggerService = logger;
  /** Another process over the same database. */
  const newPortal = () => {
    const runner = createActRunner({
      ...{ store: approvals, audit, auditor, logger: log, now },
      onChanged: ({ state, steps }) =>
        changed.push(
          `${state} ${steps.find(step => step.state === 'running')?.code}`,
        ),
    });
    const common = {
      ...{ access, approvals, environments, identity, index, logger: log },
      ...{ now, pause, providerOf, runner, store, files },
    };
    return {
      runner,
      decisions: new Decisions({
        ...common,
        facts: { read },
        evidence: facts => evidence.read(facts),
        onDecided: decided => told.push(decided),
      }),
      runActs: new RunActs({
        ...common,
        policyOf: () => policy,
        onActed: ({ runKey }) => acted.push(runKey),
      }),
      operations: new Operations({
        ...{ approvals, audit, logger: log, now, providerOf },
        store,
        access: new Access({ catalog, permissions, now }),
        onDecided: decided => told.push(decided),
      }),
    };
  };
  const portal = newPortal();
  return {
    ...{ access, acted, allowed, approvals, audit, auditEvent, auditor },
    ...{ changed, environments, evidence, files, logged, paused, permissions },
    ...{ policy, run, store, told, vendor, newPortal, catalog, index, now },
    ...portal,
    later: (ms: number) => {
      at += ms;
    },
    viewHash: () => {
      const reading = vendor.environments.production;
      if (!reading) throw new Error('no environment');
      return hashOf(
        gateViewOf({
          ...{ runKey: RUN_KEY, run: vendor.run, gate: reading, policy },
          runningSha: RUNNING,
        }),
      );
    },
  };
}

export type ActWorld = Awaited<ReturnType<typeof makeActWorld>>;

function hashOf(view: GateView): string {
  return `hash of ${canonical(view)}`;
}

export {
  APPROVAL_ID,
  cleo,
  component,
  otto,
  person,
  REF,
  repository,
  RUN_KEY,
  tokenOf,
} from './actRows';
