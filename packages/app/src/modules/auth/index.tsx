import { SignInPage } from '@backstage/core-components';
import {
  ApiBlueprint,
  configApiRef,
  createFrontendModule,
  githubAuthApiRef,
} from '@backstage/frontend-plugin-api';
import { ScmAuth, scmAuthApiRef } from '@backstage/integration-react';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';
import {
  byPurpose,
  provisionerAuth,
  provisionerAuthApiRef,
} from './provisioner';

const signInPage = SignInPageBlueprint.make({
  params: {
    loader: async () => props =>
      (
        <SignInPage
          {...props}
          title="Sign in"
          align="center"
          providers={[
            'guest',
            {
              id: 'github-auth-provider',
              title: 'GitHub',
              message: 'Sign in with your GitHub account',
              apiRef: githubAuthApiRef,
            },
          ]}
        />
      ),
  },
});

/** The app's own factory knows github.com only; this one takes every host that `integrations.github` names. */
const scmAuth = ApiBlueprint.make({
  name: 'scm-auth',
  params: defineParams =>
    defineParams({
      api: scmAuthApiRef,
      deps: {
        github: githubAuthApiRef,
        provisioner: provisionerAuthApiRef,
        config: configApiRef,
      },
      factory: ({ github, provisioner, config }) => {
        const hosts = (
          config.getOptionalConfigArray('integrations.github') ?? []
        ).map(entry => entry.getOptionalString('host') ?? 'github.com');
        const forEach = (api: typeof provisioner) =>
          ScmAuth.merge(
            ...[...new Set(hosts)].map(host =>
              ScmAuth.forGithub(api, { host }),
            ),
          );
        return byPurpose(forEach(github), forEach(provisioner));
      },
    }),
});

export const authModule = createFrontendModule({
  pluginId: 'app',
  extensions: [signInPage, provisionerAuth, scmAuth],
});
