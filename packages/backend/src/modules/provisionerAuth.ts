import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createOAuthProviderFactory,
} from '@backstage/plugin-auth-node';
import { githubAuthenticator } from '@backstage/plugin-auth-backend-module-github-provider';

/**
 * People sign in to a second GitHub App to create services. What makes repositories and protects environments needs far more
 * than the App of the delivery plugin may ever have; nobody signs in to the portal with this one.
 */
export default createBackendModule({
  pluginId: 'auth',
  moduleId: 'github-provisioner',
  register(reg) {
    reg.registerInit({
      deps: { providers: authProvidersExtensionPoint },
      async init({ providers }) {
        providers.registerProvider({
          providerId: 'github-provisioner',
          factory: createOAuthProviderFactory({
            authenticator: githubAuthenticator,
          }),
        });
      },
    });
  },
});
