import { inspect } from 'node:util';
import { UserToken, VendorRefusal } from 'backstage-plugin-delivery-node';
import { ALL, RUN } from './__testUtils__/allActs';
import {
  errorOf,
  SECRET,
  signal,
  somebody,
  startVendor,
  TOKEN,
  type Answers,
  type Reply,
  type Vendor,
} from './__testUtils__/startVendor';

let vendor: Vendor;
async function start(answers: Answers) {
  vendor = await startVendor(answers);
  return vendor;
}
afterEach(async () => vendor?.close());

describe('the token', () => {
  const shown = (error: unknown) =>
    [
      (error as Error).message,
      (error as Error).stack,
      JSON.stringify(error),
      inspect(error, { depth: 10, showHidden: true }),
    ].join('\n');

  it.each(ALL)('is in no error of %s', async (_, act, address) => {
    const headers = { 'x-echo': TOKEN, location: `/x?access_token=${TOKEN}` };
    for (const status of [301, 401, 403, 404, 409, 422, 429, 500, 502]) {
      const body = { message: `Bearer ${TOKEN}`, errors: [TOKEN, SECRET] };
      await start({ [address]: { status, headers, body } });
      const error = await errorOf(act(vendor));
      expect(shown(error)).not.toContain(TOKEN);
      expect(error.cause).toBeUndefined();
      await vendor.close();
    }
    await start({ [address]: { hangUp: true } });
    const error = await errorOf(act(vendor));
    expect(shown(error)).not.toContain(TOKEN);
    expect(error.cause).toBeUndefined();
  });

  it.each<[string, Reply]>([
    ...[301, 401, 403, 404, 422, 429, 502].map((status): [string, Reply] => [
      `HTTP ${status}`,
      { status },
    ]),
    ['another body', { status: 200 }],
    ['a cut line', { hangUp: true }],
  ])('is in no error of a read after %s', async (_, reply) => {
    const { host, acts, gate, answers } = await start({});
    answers[`GET ${RUN}/approvals`] = {
      headers: { 'x-echo': TOKEN, location: `http://${host}.x/?t=${TOKEN}` },
      body: { message: TOKEN },
      ...reply,
    };
    const token = new UserToken(TOKEN);
    const error = await errorOf(acts.readDecisions(gate, token, signal));
    expect(shown(error)).not.toContain(TOKEN);
    expect(error.cause).toBeUndefined();
  });

  it.each([
    ['empty', ''],
    ['too long', `ghu_${'x'.repeat(300)}`],
    ['with a line break', `ghu_x\r\nx-evil: ${TOKEN}`],
    ['with a blank', `ghu_x ${TOKEN}`],
    ['not of ASCII', `ghu_é${TOKEN}`],
    ['of an installation', `ghs_${TOKEN}`],
    ['made by hand', `ghp_${TOKEN}`],
    ['made by hand for some repositories', `github_pat_${TOKEN}`],
  ])('is not sent when it is %s', async (_, value) => {
    await start({});
    const { acts, gate, scope, host } = vendor;
    const token = new UserToken(value);
    const person = { ...somebody(host), token };
    const tries = [
      acts.identify(host, token, signal),
      acts.readGateRun(gate, token, signal),
      acts.readDecisions(gate, token, signal),
      acts.readChecks(scope, 'a'.repeat(40), token, signal),
      acts.cancel(gate, person, signal),
    ];
    for (const work of tries) {
      const error = await errorOf(work);
      expect(error).toBeInstanceOf(VendorRefusal);
      expect(error).toMatchObject({ code: 'token_not_ours' });
      expect(shown(error)).not.toContain(value || TOKEN);
      expect(shown(error)).not.toContain(TOKEN);
    }
    expect(vendor.seen).toEqual([]);
  });
});
