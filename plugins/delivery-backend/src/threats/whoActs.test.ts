import { mockCredentials } from '@backstage/backend-test-utils';
import { person, startActing } from '../__testUtils__/startActing';
import { service } from '../__testUtils__/startDelivery';

type Acting = Awaited<ReturnType<typeof startActing>>;
type Options = Parameters<typeof startActing>[0];

describe('threats around who acts', () => {
  let acting: Acting;
  afterEach(() => acting.stopAll());

  async function begin(options?: Options, login = 'cleo') {
    acting = await startActing(options);
    const approval = await acting.gated({ id: 400 });
    const { viewHash } = await acting.look(approval.id);
    return {
      id: approval.id,
      viewHash,
      approve: (userToken?: string) =>
        acting.decide(approval.id, login, { viewHash }, userToken),
    };
  }

  const codeOf = (response: {
    status: number;
    body: { error?: { code?: string } };
  }) => ({
    status: response.status,
    code: response.body.error?.code,
  });

  const nothingSent = () => expect(acting.github.decisions()).toEqual([]);

  async function endOf(response: {
    status: number;
    body: { operationId: string };
  }) {
    expect(response.status).toBe(202);
    const { state, outcome } = await acting.ended(response.body.operationId);
    return { state, code: outcome?.code };
  }

  it('permissions disabled', async () => {
    const { approve } = await begin({ permissionsEnabled: false });
    expect(codeOf(await approve())).toEqual({
      status: 403,
      code: 'permissions_disabled',
    });
    nothingSent();
  });

  it('no key for the audit', async () => {
    const { approve } = await begin({ auditKey: false });
    expect(codeOf(await approve())).toEqual({
      status: 403,
      code: 'audit_not_configured',
    });
    nothingSent();
  });

  it('guest', async () => {
    const { id, viewHash } = await begin();
    const response = await acting.post(
      `/v1/approvals/${id}/decision`,
      {
        ...{ decision: 'approve', comment: 'Because I can', viewHash },
        idempotencyKey: '0123456789abcdef',
      },
      {
        token: mockCredentials.user.token('user:development/guest'),
        userToken: 'ghu_cleo',
      },
    );
    expect(codeOf(response)).toEqual({ status: 403, code: 'not_a_person' });
    nothingSent();
  });

  it('on-behalf-of', async () => {
    const { id, viewHash } = await begin();
    const response = await acting.post(
      `/v1/approvals/${id}/decision`,
      {
        ...{ decision: 'approve', comment: 'An assistant asks', viewHash },
        idempotencyKey: '0123456789abcdef',
      },
      {
        token: mockCredentials.user.token('user:default/cleo', {
          actor: { subject: 'plugin:assistant' },
        }),
        userToken: 'ghu_cleo',
      },
    );
    expect(codeOf(response)).toEqual({ status: 403, code: 'on_behalf_of' });
    nothingSent();
  });

  it('a service cannot decide', async () => {
    const { id, viewHash } = await begin();
    const response = await acting.post(
      `/v1/approvals/${id}/decision`,
      {
        ...{ decision: 'approve', comment: 'A robot asks', viewHash },
        idempotencyKey: '0123456789abcdef',
      },
      { token: mockCredentials.service.token(), userToken: 'ghu_cleo' },
    );
    expect(response.status).toBe(403);
    nothingSent();
  });

  it('member removed, old token: permission and catalog are asked anew', async () => {
    let removed = false;
    const { approve } = await begin({
      lacking: (user, permission) =>
        removed &&
        user === 'user:default/cleo' &&
        permission === 'delivery.approval.decide',
    });
    removed = true;
    expect(codeOf(await approve())).toEqual({
      status: 403,
      code: 'permission_missing',
    });
    nothingSent();
  });

  it('token of another App', async () => {
    const { approve } = await begin();
    acting.github.tokens.set('ghu_elsewhere', {
      login: 'cleo',
      clientId: 'Iv1.other',
    });
    expect(await endOf(await approve('ghu_elsewhere'))).toMatchObject({
      code: 'token_not_ours',
    });
    nothingSent();
  });

  it.each(['ghs_installation', 'ghp_personal', 'github_pat_personal', 'a b'])(
    'a token that nobody signs in with is refused unasked: %s',
    async token => {
      const { approve } = await begin();
      const asked = acting.github.asked.length;
      expect(await endOf(await approve(token))).toMatchObject({
        code: 'token_not_ours',
      });
      nothingSent();
      expect(
        acting.github.asked
          .slice(asked)
          .filter(({ path }) => path.includes('/applications/')),
      ).toEqual([]);
    },
  );

  it('token of another person', async () => {
    const { approve } = await begin();
    expect(await endOf(await approve('ghu_ravi'))).toEqual({
      state: 'refused',
      code: 'identity_mismatch',
    });
    nothingSent();
  });

  it('token that expired between click and call', async () => {
    const { approve } = await begin();
    acting.github.tokens.delete('ghu_cleo');
    const end = await endOf(await approve());
    expect(end.state).not.toBe('succeeded');
    nothingSent();
  });

  it('two users for one account are nobody', async () => {
    const { approve } = await begin({
      entities: [
        service('api', 'acme/api'),
        service('web', 'acme/web'),
        person('cleo'),
        person('double', {
          metadata: { ...person('cleo').metadata, name: 'double' },
        }),
      ],
    });
    expect(await endOf(await approve())).toEqual({
      state: 'refused',
      code: 'identity_mismatch',
    });
    nothingSent();
  });

  it('a user that a repository wrote is nobody', async () => {
    const { metadata } = person('cleo');
    const { approve } = await begin({
      entities: [
        service('api', 'acme/api'),
        service('web', 'acme/web'),
        person('cleo', {
          metadata: {
            ...metadata,
            annotations: {
              ...metadata.annotations,
              'backstage.io/managed-by-origin-location':
                'url:https://github.com/acme/api/blob/main/catalog-info.yaml',
            },
          },
        }),
      ],
    });
    expect(await endOf(await approve())).toEqual({
      state: 'refused',
      code: 'identity_mismatch',
    });
    nothingSent();
  });

  it('other service’s approval id', async () => {
    const { approve } = await begin({
      lacking: (user, permission, entity) =>
        user === 'user:default/cleo' &&
        permission === 'delivery.approval.decide' &&
        entity === 'component:default/api',
    });
    expect(codeOf(await approve())).toEqual({
      status: 403,
      code: 'permission_missing',
    });
    nothingSent();
  });

  it('an approval id of nobody', async () => {
    const { viewHash } = await begin();
    const response = await acting.decide('f'.repeat(24), 'cleo', { viewHash });
    expect(codeOf(response)).toEqual({
      status: 404,
      code: 'approval_not_found',
    });
  });

  it('cross-service run id', async () => {
    await begin({
      lacking: (user, _permission, entity) =>
        user === 'user:default/eve' && entity !== 'component:default/web',
    });
    const [approval] = await acting.waiting();
    const response = await acting.post(
      `/v1/runs/${approval.runId}/cancel`,
      { attempt: 1, idempotencyKey: '0123456789abcdef' },
      { token: acting.as('eve'), userToken: 'ghu_eve' },
    );
    expect([403, 404]).toContain(response.status);
    expect(
      acting.github.asked.filter(({ path }) => path.endsWith('/cancel')),
    ).toEqual([]);
  });

  it('entity claiming a foreign repository', async () => {
    await begin({
      entities: [
        service('api', 'acme/api'),
        service('web', 'acme/web'),
        // Its file lies elsewhere: it has earned nothing.
        service('thief', 'acme/api', 'evil/thief'),
        person('cleo'),
      ],
    });
    const response = await acting.post(
      '/v1/entities/component/default/thief/dispatch',
      {
        ...{ pipeline: 'x', ref: 'main', inputs: {} },
        idempotencyKey: '0123456789abcdef',
      },
      { token: acting.as('cleo'), userToken: 'ghu_cleo' },
    );
    expect([403, 404]).toContain(response.status);
    expect(
      acting.github.asked.filter(({ method }) => method === 'POST'),
    ).toEqual([]);
  });
});
