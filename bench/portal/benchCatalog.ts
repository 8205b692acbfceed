import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';

function service(index: number, host: string): Entity {
  const location = `url:http://${host}/bench/service-${index}/tree/main/catalog-info.yaml`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: `service-${index}`,
      annotations: {
        'backstage.io/managed-by-location': location,
        'backstage.io/managed-by-origin-location': location,
        'github.com/project-slug': `bench/service-${index}`,
      },
    },
    spec: { type: 'service', lifecycle: 'production', owner: 'bench' },
  };
}

/** Emits `bench.services` services, each with a repository of its own. */
export default createBackendModule({
  pluginId: 'catalog',
  moduleId: 'bench-services',
  register(reg) {
    reg.registerInit({
      deps: {
        processing: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
      },
      async init({ processing, config }) {
        const count = config.getNumber('bench.services');
        const host = config.getString('bench.host');
        processing.addEntityProvider({
          getProviderName: () => 'bench-services',
          async connect(connection) {
            await connection.applyMutation({
              type: 'full',
              entities: Array.from({ length: count }, (_, index) => ({
                entity: service(index, host),
                locationKey: 'bench-services',
              })),
            });
          },
        });
      },
    });
  },
});
