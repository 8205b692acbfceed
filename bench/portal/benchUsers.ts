import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';

/** Signs in whoever the header names: `GET /api/auth/bench/refresh` with `x-bench-user: user:default/u1`. Loopback only. */
const authenticator = createProxyAuthenticator({
  defaultProfileTransform: async () => ({ profile: {} }),
  initialize() {},
  async authenticate({ req }) {
    const user = req.header('x-bench-user');
    if (!user) throw new Error('x-bench-user is missing');
    return { result: { user } };
  },
});

export default createBackendModule({
  pluginId: 'auth',
  moduleId: 'bench-users',
  register(reg) {
    reg.registerInit({
      deps: { providers: authProvidersExtensionPoint },
      async init({ providers }) {
        providers.registerProvider({
          providerId: 'bench',
          factory: createProxyAuthProviderFactory({
            authenticator,
            async signInResolver(info, ctx) {
              const { user } = info.result;
              return ctx.issueToken({ claims: { sub: user, ent: [user] } });
            },
          }),
        });
      },
    });
  },
});
