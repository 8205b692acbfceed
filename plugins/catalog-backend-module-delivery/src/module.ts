import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { readTemplatesConfig } from './readTemplatesConfig';
import { TemplateProvider } from './TemplateProvider';

/** The catalog's module: emits the service templates that `delivery.templates` enables. */
export const catalogModuleDelivery = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'delivery',
  register(reg) {
    reg.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        logger: coreServices.logger,
      },
      async init({ catalog, config, logger }) {
        const templates = readTemplatesConfig(config);
        if (!templates) {
          logger.info(
            'No service templates: delivery.templates is not configured.',
          );
        }
        // Also with none: the catalog forgets what an earlier configuration brought.
        catalog.addEntityProvider(new TemplateProvider(templates ?? []));
      },
    });
  },
});
