import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import scaffolderModuleDelivery from '.';

describe('The module', () => {
  it('adds its actions to the scaffolder', async () => {
    const addActions = jest.fn();
    const backend = await startTestBackend({
      extensionPoints: [[scaffolderActionsExtensionPoint, { addActions }]],
      features: [
        scaffolderModuleDelivery,
        catalogServiceMock.factory(),
        mockServices.rootConfig.factory({
          data: { integrations: { github: [{ host: 'github.com' }] } },
        }),
      ],
    });

    const ids = addActions.mock.calls.flatMap(actions =>
      actions.map(({ id }: { id: string }) => id),
    );
    expect(ids).toHaveLength(7);
    expect(ids).toContain('delivery:verify');
    await backend.stop();
  });
});
