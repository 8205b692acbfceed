import { createBackend } from '@backstage/backend-defaults';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';

/** The plugin alone: everybody is the same user, the catalog is one service. Set GITHUB_TOKEN to read a repository of GitHub. */
const backend = createBackend();

backend.add(mockServices.auth.factory());
backend.add(mockServices.httpAuth.factory());
backend.add(
  mockServices.rootConfig.factory({
    data: {
      backend: {
        baseUrl: 'http://localhost:7008',
        listen: { host: '127.0.0.1', port: 7008 },
        database: { client: 'better-sqlite3', connection: ':memory:' },
      },
      integrations: {
        github: [{ host: 'github.com', token: process.env.GITHUB_TOKEN }],
      },
      delivery: process.env.GITHUB_TOKEN ? { providers: { github: {} } } : {},
    },
  }),
);
backend.add(
  catalogServiceMock.factory({
    entities: [
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: {
          name: 'backstage',
          annotations: {
            'github.com/project-slug': 'backstage/backstage',
            'backstage.io/managed-by-location':
              'url:https://github.com/backstage/backstage/tree/master/catalog-info.yaml',
          },
        },
        spec: { type: 'service', owner: 'guests', lifecycle: 'production' },
      },
    ],
  }),
);
backend.add(import('../src'));

backend.start();
