import { randomUUID } from 'node:crypto';
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import { deliveryContract } from 'backstage-plugin-delivery-common';
import { deploymentStatus } from '../__testUtils__/githubPayloads';
import { person, startActing } from '../__testUtils__/startActing';
import { service, until } from '../__testUtils__/startDelivery';
import type { ActRoutes } from './actHandlers';

const READS = ['delivery.run.read', 'delivery.log.read', 'delivery.audit.read'];
const user = (login: string, options?: { actor: { subject: string } }) =>
  mockCredentials.user.token(`user:default/${login}`, options);

/** The policy of the test portal: owners do all by rule, readers read, anybody else nothing. */
function decide(
  credentials: BackstageCredentials,
  permission: string,
): PolicyDecision {
  const { type, userEntityRef } = credentials.principal as {
    type: string;
    userEntityRef?: string;
  };
  if (type === 'service') return { result: AuthorizeResult.ALLOW };
  if (userEntityRef === 'user:default/reader') {
    const reads = READS.includes(permission);
    return { result: reads ? AuthorizeResult.ALLOW : AuthorizeResult.DENY };
  }
  if (userEntityRef !== 'user:default/cleo') {
    return { result: AuthorizeResult.DENY };
  }
  if (permission === 'delivery.audit.readAll') {
    return { result: AuthorizeResult.DENY };
  }
  return {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'catalog',
    resourceType: 'catalog-entity',
    conditions: {
      rule: 'IS_ENTITY_OWNER',
      resourceType: 'catalog-entity',
      params: { claims: ['group:default/team'] },
    },
  };
}

const callers = {
  anonymous: undefined,
  guest: mockCredentials.user.token('user:development/guest'),
  stranger: user('stranger'),
  reader: user('reader'),
  owner: user('cleo'),
  onBehalfOfReader: user('reader', { actor: { subject: 'plugin:assistant' } }),
  onBehalfOfOwner: user('cleo', { actor: { subject: 'plugin:assistant' } }),
  service: mockCredentials.service.token(),
};
type Caller = keyof typeof callers;
type Row = Record<Caller, number>;

const reads: Row = {
  anonymous: 401,
  guest: 403,
  stranger: 403,
  reader: 200,
  owner: 200,
  onBehalfOfReader: 200,
  onBehalfOfOwner: 200,
  service: 200,
};
/** An id tells strangers nothing, not even that it is one. */
const hidden: Row = { ...reads, guest: 404, stranger: 404 };
/** No entity is named: everybody gets what they may see, and be it nothing. */
const lists: Row = { ...reads, guest: 200, stranger: 200 };
/** Only a person who is signed in themself, with the permission. */
const acts = (owner: number): Row => ({
  anonymous: 401,
  guest: 403,
  stranger: 403,
  reader: 403,
  owner,
  onBehalfOfReader: 403,
  onBehalfOfOwner: 403,
  service: 403,
});

/** A route without a row does not compile. */
const matrix: Record<ActRoutes, Row> = {
  approvals: lists,
  approval: hidden,
  decide: acts(202),
  approvalOperation: reads,
  operation: reads,
  myActs: reads,
  rerun: acts(202),
  cancel: acts(202),
  dispatchOptions: reads,
  // There is no such workflow: asked for by whoever may.
  dispatch: acts(404),
  rollbackOptions: reads,
  // There is no such deployment to go back to.
  rollback: acts(202),
  audit: reads,
  auditAll: lists,
  auditExport: { ...reads, guest: 403, stranger: 403 },
  findings: lists,
  reviewFinding: acts(200),
};

const bodies: Partial<Record<ActRoutes, (viewHash: string) => object>> = {
  decide: viewHash => ({
    ...{ decision: 'approve', comment: 'Fine by me', viewHash },
  }),
  rerun: () => ({ failedOnly: false, attempt: 1 }),
  cancel: () => ({ attempt: 1 }),
  dispatch: () => ({ pipeline: 'none', ref: 'main', inputs: {} }),
  rollback: viewHash => ({
    ...{ target: 'none', way: 'normal', comment: 'Go back', viewHash },
  }),
};

describe('acts: route × role', () => {
  let acting: Awaited<ReturnType<typeof startActing>>;
  let values: Record<string, string>;
  let viewHash: string;

  beforeAll(async () => {
    acting = await startActing({
      entities: [
        service('api', 'acme/api'),
        ...['cleo', 'reader', 'stranger', 'dana'].map(name => person(name)),
      ],
      decide,
    });
    const approval = await acting.gated({ id: 900 });
    ({ viewHash } = await acting.look(approval.id));
    const { body } = await acting.decide(approval.id, 'cleo', { viewHash });
    await acting.ended(body.operationId);
    await acting.deliver(
      'deployment_status',
      deploymentStatus('acme/api', {
        ...{ id: 5_900, environment: 'production', state: 'success' },
        runId: 900,
      }),
    );
    await until(
      async () =>
        (await acting.store.environments.allEnvironments()).length === 1,
      'an environment',
    );
    const finding = 'ab'.repeat(12);
    await acting.store.approvals.addFindings([
      {
        ...{ id: finding, kind: 'break_glass', at: 1, message: 'Broken' },
        ...{ entityRef: 'component:default/api', state: 'open' },
        by: 'user:default/dana',
      },
    ]);
    values = {
      ...{ kind: 'component', namespace: 'default', name: 'api' },
      ...{ environment: 'production', op: body.operationId },
      approval: approval.id,
      decided: approval.id,
      run: approval.runId,
      finding,
    };
  });
  afterAll(() => acting.stopAll());

  function pathOf(route: ActRoutes): string {
    const { path } = deliveryContract[route];
    const id = ['approvals', 'runs', 'findings'].find(part =>
      path.startsWith(`/v1/${part}/:id`),
    );
    const ids = {
      approvals: route === 'approvalOperation' ? 'decided' : 'approval',
      ...{ runs: 'run', findings: 'finding' },
    };
    const filled = path.replace(/:([a-z]+)/g, (_, name: string) =>
      name === 'id' ? values[ids[id as keyof typeof ids]] : values[name],
    );
    return route === 'auditExport' ? `${filled}?format=csv` : filled;
  }

  async function call(route: ActRoutes, token: string | undefined) {
    if (deliveryContract[route].method === 'GET') {
      return acting.get(pathOf(route), token);
    }
    const body = bodies[route]?.(viewHash);
    return acting.post(
      pathOf(route),
      body
        ? { ...body, idempotencyKey: randomUUID() }
        : { comment: 'Looked into it' },
      { token, userToken: 'ghu_cleo' },
    );
  }

  const rows = Object.entries(matrix).flatMap(([route, row]) =>
    Object.entries(row).map(
      ([caller, status]) =>
        [route as ActRoutes, caller as Caller, status] as const,
    ),
  );

  it.each(rows)('%s by %s gives %i', async (route, caller, status) => {
    if (route === 'decide' && caller === 'owner') {
      // What was decided cannot be decided again: this one has a gate of its own.
      const approval = await acting.gated({ id: 901 });
      values.approval = approval.id;
      ({ viewHash } = await acting.look(approval.id));
    }
    const { body, status: given } = await call(route, callers[caller]);
    expect([given, given === status ? '' : body.error]).toEqual([status, '']);
    if (body.operationId) await acting.ended(body.operationId);
  });

  const ofOneService = (Object.keys(matrix) as ActRoutes[]).filter(
    route => matrix[route].stranger === 403 && route !== 'auditExport',
  );
  it.each(ofOneService)(
    '%s tells which permission is missing and who owns the service',
    async route => {
      const { body } = await call(route, callers.stranger);
      const [permission] = deliveryContract[route].permissions;
      expect(body.error).toMatchObject({
        code: 'permission_missing',
        params: { permission, owner: 'group:default/team' },
      });
      expect(body.error.message).toContain('group:default/team');
    },
  );
});
