import { GithubAuth } from '@backstage/core-app-api';
import {
  ApiBlueprint,
  configApiRef,
  createApiRef,
  discoveryApiRef,
  oauthRequestApiRef,
  type OAuthApi,
} from '@backstage/frontend-plugin-api';
import type { ScmAuthApi } from '@backstage/integration-react';

/** Tokens of the second GitHub App: it may create repositories and protect environments. */
export const provisionerAuthApiRef = createApiRef<OAuthApi>({
  id: 'app.auth.github-provisioner',
});

export const provisionerAuth = ApiBlueprint.make({
  name: 'github-provisioner-auth',
  params: defineParams =>
    defineParams({
      api: provisionerAuthApiRef,
      deps: {
        discoveryApi: discoveryApiRef,
        oauthRequestApi: oauthRequestApiRef,
        configApi: configApiRef,
      },
      factory: ({ discoveryApi, oauthRequestApi, configApi }) =>
        GithubAuth.create({
          discoveryApi,
          oauthRequestApi,
          configApi,
          environment: configApi.getOptionalString('auth.environment'),
          provider: {
            id: 'github-provisioner',
            title: 'GitHub (new services)',
            icon: () => null,
          },
          defaultScopes: ['read:user'],
        }),
    }),
});

type Options = Parameters<ScmAuthApi['getCredentials']>[0];

/** Whoever asks for the right to change workflow files wants to create a service; everything else stays with the App people act with. */
const createsServices = ({ additionalScope }: Options) =>
  additionalScope?.customScopes?.github?.includes('workflow') === true;

/** Chooses the App by what is wanted. */
export function byPurpose(acts: ScmAuthApi, creates: ScmAuthApi): ScmAuthApi {
  return {
    getCredentials: options =>
      (createsServices(options) ? creates : acts).getCredentials(options),
  };
}
