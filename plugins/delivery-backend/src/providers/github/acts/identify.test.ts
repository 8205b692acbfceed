import { inspect } from 'node:util';
import { UserToken } from 'backstage-plugin-delivery-node';
import {
  account,
  CLIENT_ID,
  errorOf,
  NOW,
  SECRET,
  signal,
  startVendor,
  TOKEN,
  type Reply,
  type Vendor,
} from './__testUtils__/startVendor';
import { createGithubActs } from './createGithubActs';

const CHECK = `POST /applications/${CLIENT_ID}/token`;
const token = new UserToken(TOKEN);

let vendor: Vendor;
afterEach(async () => vendor?.close());

/** Shaped after GitHub's `authorization`. */
const authorization = (more: object = {}) => ({
  ...{ id: 1, scopes: [], token: TOKEN, hashed_token: '', note: null },
  app: { client_id: CLIENT_ID, name: 'Portal', url: 'https://x.example' },
  expires_at: new Date(NOW + 60_000).toISOString(),
  user: account(31, 'cleo'),
  ...more,
});
async function identify(reply: Reply) {
  vendor = await startVendor({ [CHECK]: reply });
  return vendor.acts.identify(vendor.host, token, signal);
}

it('asks GitHub whose token it is, with the credentials of the portal', async () => {
  const identity = await identify({ body: authorization() });
  expect(identity).toEqual({
    ...{ host: vendor.host, id: '31', nodeId: 'U_31', login: 'cleo' },
  });
  const basic = Buffer.from(`${CLIENT_ID}:${SECRET}`).toString('base64');
  expect(vendor.seen).toMatchObject([
    {
      headers: { authorization: `Basic ${basic}` },
      body: { access_token: TOKEN },
    },
  ]);
  expect(JSON.stringify(identity)).not.toContain(TOKEN);
});

it.each([null, undefined])('takes a token that ends at %s', async end => {
  const body = authorization({ expires_at: end });
  expect(await identify({ body })).toMatchObject({ id: '31' });
});

it.each<[string, Reply, string]>([
  ['GitHub does not know it', { status: 404, body: {} }, 'token_not_ours'],
  ['GitHub cannot read it', { status: 422, body: {} }, 'token_not_ours'],
  [
    'it is of another application',
    { body: authorization({ app: { client_id: 'Iv1.other' } }) },
    'token_not_ours',
  ],
  [
    'nobody is named',
    { body: authorization({ user: null }) },
    'token_not_ours',
  ],
  [
    'it is of a bot',
    { body: authorization({ user: account(31, 'x[bot]', 'Bot') }) },
    'token_not_ours',
  ],
  [
    'the id is none',
    { body: authorization({ user: { ...account(31, 'cleo'), id: '31' } }) },
    'token_not_ours',
  ],
  [
    'it has run out',
    { body: authorization({ expires_at: new Date(NOW).toISOString() }) },
    'token_expired',
  ],
])('refuses when %s', async (_, reply, code) => {
  const error = await errorOf(identify(reply));
  expect(error).toMatchObject({ name: 'VendorRefusal', code });
});

it.each<[string, Reply, string]>([
  [
    'the credentials of the portal are wrong',
    { status: 401 },
    'sign_in_misconfigured',
  ],
  ['the portal is not let in', { status: 403 }, 'sign_in_misconfigured'],
  ['GitHub is down', { status: 503 }, 'github_unavailable'],
  ['nobody answers', { hangUp: true }, 'github_unavailable'],
  ['the limit is used up', { status: 429 }, 'github_rate_limit'],
  ['the answer is another', { body: [] }, 'github_unreadable'],
  [
    'it is sent elsewhere',
    { status: 307, headers: { location: '/api/v3/elsewhere' } },
    'token_not_ours',
  ],
])('blames nobody when %s', async (_, reply, code) => {
  const error = await errorOf(identify(reply));
  expect(error).toMatchObject({ code });
  expect(vendor.seen).toHaveLength(1);
});

it.each<Reply>([
  ...[301, 401, 403, 404, 422, 429, 500, 502].map(status => ({ status })),
  { status: 200 },
  { hangUp: true },
])('shows neither token nor secret with %j', async reply => {
  const error = await errorOf(
    identify({
      ...reply,
      headers: { location: `https://evil.example/?t=${TOKEN}`, 'x-t': TOKEN },
      body: { message: `${TOKEN} ${SECRET}`, token: TOKEN, app: TOKEN },
    }),
  );
  const shown = [
    error.message,
    error.stack,
    JSON.stringify(error),
    inspect(error, { depth: 10, showHidden: true }),
  ].join('\n');
  expect(shown).not.toContain(TOKEN);
  expect(shown).not.toContain(SECRET);
  const basic = Buffer.from(`${CLIENT_ID}:${SECRET}`).toString('base64');
  expect(shown).not.toContain(basic);
});

describe('several applications', () => {
  const acts = (hosts: string[]) =>
    createGithubActs({
      hosts: [
        {
          ...{ host: vendor.host, apiBaseUrl: vendor.apiBaseUrl },
          reader: { call: jest.fn() },
        },
      ],
      signIn: hosts.map((host, index) => ({
        ...{ host, clientId: `Iv1.${index}`, clientSecret: SECRET },
      })),
      clock: () => NOW,
      retries: 0,
    });

  it('asks each of the host until one knows the token', async () => {
    vendor = await startVendor({
      'POST /applications/Iv1.2/token': {
        body: authorization({ app: { client_id: 'Iv1.2' } }),
      },
    });
    const { host } = vendor;
    const identity = await acts([host, 'github.com', host, host]).identify(
      ...([host, token, signal] as const),
    );
    expect(identity.login).toBe('cleo');
    expect(vendor.calls()).toEqual([
      'POST /applications/Iv1.0/token',
      'POST /applications/Iv1.2/token',
    ]);
  });

  it('believes none where there is no application, or no host', async () => {
    vendor = await startVendor();
    const other = acts(['github.com']);
    const error = await errorOf(other.identify(vendor.host, token, signal));
    expect(error).toMatchObject({ code: 'token_not_ours' });
    await expect(other.identify('github.com', token, signal)).rejects.toThrow(
      'not configured',
    );
    expect(vendor.seen).toEqual([]);
  });
});
