import { inspect } from 'node:util';
import { UserToken } from 'backstage-plugin-delivery-node';
import {
  errorOf,
  signal,
  somebody,
  startVendor,
  TOKEN,
  type Answers,
  type Reply,
  type Vendor,
} from './__testUtils__/startVendor';
import { ALL, DISPATCH, RUN } from './__testUtils__/allActs';
import { UserClient } from './UserClient';

let vendor: Vendor;
async function start(answers: Answers) {
  vendor = await startVendor(answers);
  return vendor;
}
afterEach(async () => vendor?.close());

const [decide, rerun, rerunFailed, cancel, dispatch] = ALL.map(
  ([, act]) => act,
);

describe('what is sent', () => {
  it('decides about one environment with the person own token', async () => {
    await start({ [`POST ${RUN}/pending_deployments`]: { body: [] } });
    expect(await decide(vendor)).toEqual({ requestId: 'C0FF:EE:1' });
    expect(vendor.seen).toMatchObject([
      {
        headers: {
          authorization: `Bearer ${TOKEN}`,
          'x-github-api-version': '2022-11-28',
        },
        body: { environment_ids: [42], state: 'approved', comment: 'Go' },
      },
    ]);
  });

  it.each(['0', '-1', '1.5', '', 'x', '12345678901234567', '9007199254740993'])(
    'sends nothing for an environment with the id "%s"',
    async environmentId => {
      await start({});
      const error = await errorOf(decide(vendor, environmentId));
      expect(error).toMatchObject({ name: 'VendorRefusal', code: 'invalid' });
      expect(vendor.seen).toEqual([]);
    },
  );

  it.each([
    [rerun, 'rerun', 201],
    [rerunFailed, 'rerun-failed-jobs', 201],
    [cancel, 'cancel', 202],
  ])('%p', async (act, path, status) => {
    await start({ [`POST ${RUN}/${path}`]: { status, body: {} } });
    expect(await act(vendor)).toEqual({ requestId: 'C0FF:EE:1' });
    expect(vendor.calls()).toEqual([`POST ${RUN}/${path}`]);
  });

  it('starts a workflow and says which run that is', async () => {
    await start({
      [DISPATCH]: ({ headers }) => ({
        body: {
          workflow_run_id: 77,
          run_url: 'https://evil.example/77',
          html_url: `http://${headers.host}/acme/vaultex/actions/runs/77`,
        },
      }),
    });
    expect(await dispatch(vendor)).toEqual({
      requestId: 'C0FF:EE:1',
      runKey: vendor.gate.runKey.replace(/5$/, '77'),
      url: `http://${vendor.host}/acme/vaultex/actions/runs/77`,
    });
    expect(vendor.seen[0].body).toEqual({
      ...{ ref: 'main', inputs: { sha: 'abc' }, return_run_details: true },
    });
  });

  it.each<[string, Reply]>([
    ['an older server', { status: 204 }],
    ['a body nobody knows', { body: { workflow_run_id: 'seven' } }],
    ['no JSON', { body: 'done', headers: { 'content-type': 'text/plain' } }],
  ])('takes a start as done with %s', async (_, reply) => {
    await start({ [DISPATCH]: reply });
    expect(await dispatch(vendor)).toEqual({ requestId: 'C0FF:EE:1' });
  });

  it('links no page of another host', async () => {
    await start({
      [DISPATCH]: {
        body: { workflow_run_id: 7, html_url: 'https://evil.example/' },
      },
    });
    expect(await dispatch(vendor)).not.toHaveProperty('url');
  });

  it.each(['', '.', '..', 'x'.repeat(256)])(
    'starts no workflow named "%s"',
    async workflow => {
      await start({});
      const { acts, scope, host } = vendor;
      const request = { workflow, ref: 'main', inputs: {} };
      const error = await errorOf(
        acts.dispatch(scope, request, somebody(host), signal),
      );
      expect(error).toMatchObject({ code: 'invalid' });
      expect(vendor.seen).toEqual([]);
    },
  );

  it('keeps a workflow with a slash at its place', async () => {
    await start({});
    const { acts, scope, host } = vendor;
    const request = { workflow: '../../x/y', ref: 'main', inputs: {} };
    await errorOf(acts.dispatch(scope, request, somebody(host), signal));
    expect(vendor.calls()).toEqual([
      'POST /repos/acme/vaultex/actions/workflows/..%2F..%2Fx%2Fy/dispatches',
    ]);
  });

  it('does nothing to a run of another host, or with a sign-in of one', async () => {
    await start({});
    const { acts, gate, host } = vendor;
    await expect(
      acts.cancel({ ...gate, runKey: 'github_com.5' }, somebody(host), signal),
    ).rejects.toThrow('no such run');
    const error = await errorOf(
      acts.cancel(gate, somebody('github.com'), signal),
    );
    expect(error).toMatchObject({ code: 'token_not_ours' });
    expect(vendor.seen).toEqual([]);
  });
});

describe.each(ALL)('an answer to %s that is no yes', (_, act, address) => {
  it.each<[string, Reply]>([
    ['HTTP 500', { status: 500, body: { message: 'x' } }],
    ['HTTP 502', { status: 502, body: { message: 'x' } }],
    [
      'HTTP 503 with a moment to come back',
      {
        ...{ status: 503, headers: { 'retry-after': '0' } },
      },
    ],
    ['HTTP 408', { status: 408 }],
    ['a cut line', { hangUp: true }],
  ])('knows nothing after %s, and sends no second', async (__, reply) => {
    await start({ [address]: reply });
    const error = await errorOf(act(vendor));
    expect(error.name).toBe('VendorSilence');
    expect(vendor.calls()).toEqual([address]);
  });

  it.each([
    [401, 'token_expired'],
    [403, 'not_allowed'],
    [404, 'not_found'],
    [409, 'conflict'],
    [422, act === decide ? 'not_pending' : 'invalid'],
    [429, 'rate_limit'],
    [415, 'invalid'],
  ])(
    'is refused with HTTP %s as %s, and sends no second',
    async (status, code) => {
      await start({
        [address]: {
          status,
          headers: status === 403 ? {} : { 'retry-after': '0' },
          body: { message: `secret text ${TOKEN}` },
        },
      });
      const error = await errorOf(act(vendor));
      expect(error).toMatchObject({ name: 'VendorRefusal', code });
      expect(error.params).toMatchObject({
        ...{ status: String(status), requestId: 'C0FF:EE:1' },
      });
      expect(error.message).not.toContain('secret text');
      expect(vendor.calls()).toEqual([address]);
    },
  );

  it('is not sent to where it moved', async () => {
    await start({
      [address]: ({ path }) => ({
        ...{ status: 307, headers: { location: `/api/v3/moved${path}` } },
      }),
    });
    const error = await errorOf(act(vendor));
    expect(error).toMatchObject({ code: 'not_found' });
    expect(vendor.calls()).toEqual([address]);
  });
});

describe('refusals', () => {
  const answering = async (reply: Reply) => {
    await start({ [`POST ${RUN}/rerun`]: reply });
    return errorOf(rerun(vendor));
  };

  it('is plain about a missing right', async () => {
    const error = await answering({ status: 403, body: { message: 'no' } });
    expect(error).toMatchObject({ code: 'not_allowed' });
    expect(error.message).toContain('acme/vaultex');
  });

  it.each([
    [{ 'x-ratelimit-remaining': '0' }, {}],
    [{}, { message: 'You have exceeded a secondary rate limit' }],
  ])('knows a used-up limit by %j %j', async (headers, body) => {
    const error = await answering({
      ...{ status: 403, body, headers: headers as Record<string, string> },
    });
    expect(error).toMatchObject({ code: 'rate_limit' });
  });

  it('shows the page of the single sign-on when it is one of the host', async () => {
    vendor = await startVendor({});
    const page = `http://${vendor.host}/orgs/acme/sso?authorization_request=A1`;
    vendor.answers[`POST ${RUN}/rerun`] = {
      ...{ status: 403, body: {} },
      headers: { 'x-github-sso': `required; url=${page}` },
    };
    expect(await errorOf(rerun(vendor))).toMatchObject({
      ...{ name: 'VendorRefusal', code: 'sso_required' },
      params: { url: page },
    });
  });

  it.each([
    'required; url=https://evil.example/orgs/acme/sso',
    'required; url=https://github.com/orgs/acme/sso',
    `required; url=${'javascript'}:alert(1)`,
    'required',
  ])('shows no page for "%s"', async header => {
    const error = await answering({
      ...{ status: 403, body: {}, headers: { 'x-github-sso': header } },
    });
    expect(error).toMatchObject({ code: 'sso_required' });
    expect(error.params).not.toHaveProperty('url');
  });

  it('does not send what was given up before, and does not know what was given up later', async () => {
    const control = new AbortController();
    await start({
      [`POST ${RUN}/rerun`]: () => {
        control.abort(new Error('enough'));
        return { status: 201, body: {} };
      },
    });
    const { acts, gate, host } = vendor;
    const again = () => acts.rerun(gate, false, somebody(host), control.signal);
    expect((await errorOf(again())).name).toBe('VendorSilence');
    await expect(again()).rejects.toThrow('enough');
    expect(vendor.seen).toHaveLength(1);
  });

  it('does not know what became of a write that took too long', async () => {
    const sent: (AbortSignal | null | undefined)[] = [];
    const tooLong: typeof fetch = async (_, init) => {
      sent.push(init?.signal);
      throw new DOMException(`${TOKEN} took too long`, 'TimeoutError');
    };
    const client = new UserClient(
      {
        ...{ host: 'github.com', apiBaseUrl: 'https://api.github.com' },
        ...{ clock: () => 0, fetch: tooLong },
      },
      { token: new UserToken(TOKEN) },
    );
    const meanings = {
      unprocessable: { code: 'invalid', message: '' },
      ...{ notAllowed: '', conflict: '' },
    };
    const call = { route: 'POST /x', what: 'it', meanings, signal };
    const error = await errorOf(
      client.write(call, somebody('github.com').identity),
    );
    expect(error.name).toBe('VendorSilence');
    expect(inspect(error, { depth: 10 })).not.toContain(TOKEN);
    // Of its own: it also ends when nobody gives up.
    expect(sent).toHaveLength(1);
    expect(sent[0]).toBeDefined();
    expect(sent[0]).not.toBe(signal);
  });
});
