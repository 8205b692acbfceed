import { Portal } from '../__testUtils__/makePortal';
import { planInput } from '../__testUtils__/planInput';

let portal: Portal;
beforeEach(async () => {
  portal = await new Portal().start();
  portal.github.repository('shop').push({});
});
afterEach(() => portal.stop());

const at = { repositoryId: 9_000 };
const INPUTS: [id: string, input: Record<string, unknown>][] = [
  ['delivery:plan', planInput('')],
  ['delivery:github:repo-facts', {}],
  [
    'delivery:github:environment:ensure',
    {
      ...at,
      name: 'production',
      requireReviewers: true,
      reviewers: ['user:default/cleo'],
    },
  ],
  ['delivery:github:actions-policy', at],
  ['delivery:github:ruleset:ensure', { ...at, requiredChecks: [] }],
  ['delivery:github:run:wait', { branch: 'main', until: 'created' }],
  [
    'delivery:verify',
    {
      ...at,
      environments: [],
      entityRef: 'component:default/shop',
      workflows: { repository: 'acme/platform-workflows', sha: '0' },
    },
  ],
];

describe.each(INPUTS)(
  '%s works with the token of a person only',
  (id, input) => {
    const run = (token: string | undefined, start = {}) =>
      portal.run(
        id,
        { ...input, repoUrl: portal.repoUrl('shop'), token } as never,
        start,
      );

    const refused = async (token: string | undefined, start = {}) => {
      const { error, outputs, log } = await run(token, start);
      expect(portal.github.writes()).toEqual([]);
      expect(outputs).toEqual({});
      if (token?.trim()) {
        expect(`${error?.stack}${log}${JSON.stringify(error)}`).not.toContain(
          token,
        );
      }
      return error?.message ?? 'not refused';
    };

    it.each([undefined, '', '  '])('not without one (%j)', async token => {
      expect(await refused(token)).toMatch(/your own GitHub sign-in only/);
      // The portal's own token is in the configuration, and is not used instead.
      expect(portal.github.asked).toEqual([]);
    });

    it('not with that of an installation', async () => {
      expect(await refused('ghs_installation')).toMatch(/the token of an App/);
      portal.github.tokens.set('app-token-canary', undefined);
      expect(await refused('app-token-canary')).toMatch(/the token of an App/);
    });

    it('not with that of a bot', async () => {
      portal.github.accounts.set('robot', {
        ...{ id: 700, login: 'robot[bot]', nodeId: 'B_700', type: 'Bot' },
      });
      portal.github.tokens.set('ghu_robot', 'robot');
      expect(await refused('ghu_robot')).toMatch(/“robot\[bot\]”, which is no/);
    });

    it('not with one that is not accepted', async () => {
      expect(await refused('ghu_expired_canary')).toMatch(
        /does not accept your sign-in any more.*Sign in to GitHub again/,
      );
    });

    it('not with that of another account than the catalog knows', async () => {
      const [dana] = portal.entities;
      expect(await refused('ghu_pat', { user: dana })).toMatch(
        /signed in at GitHub as “pat”, but the catalog knows you by another/,
      );
    });

    it('with their own', async () => {
      const [dana] = portal.entities;
      await run('ghu_dana', { user: dana });
      expect(portal.github.asked.length).toBeGreaterThan(1);
      expect(new Set(portal.github.asked.map(({ token }) => token))).toEqual(
        new Set(['ghu_dana']),
      );
    });
  },
);
