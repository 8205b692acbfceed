/**
 * Delivery for Backstage for the new frontend system.
 *
 * @packageDocumentation
 */
import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import {
  approvalsWidget,
  auditPanel,
  conformancePanel,
  conformanceWidget,
  deliveryApi,
  deliveryPage,
  doraPanel,
  doraWidget,
  entityCard,
  entityContent,
  environmentsField,
  environmentsPanel,
  environmentsWidget,
  runsPanel,
} from './extensions/extensions';
import { catalogIndexRouteRef, rootRouteRef, runRouteRef } from './routes';

export { DeliverySidebarItem } from './components/DeliverySidebarItem';
export {
  DeliveryHeaderWidgetBlueprint,
  DeliveryPanelBlueprint,
} from './extensions/blueprints';
export { deliveryTranslationRef } from './translation/deliveryTranslationRef';

/**
 * The plugin, found by itself in a portal with `app.packages: all`.
 * @public
 */
export default createFrontendPlugin({
  pluginId: 'delivery',
  title: 'Delivery',
  info: { packageJson: () => import('../package.json') },
  routes: { root: rootRouteRef, run: runRouteRef },
  externalRoutes: { catalogIndex: catalogIndexRouteRef },
  extensions: [
    deliveryApi,
    deliveryPage,
    entityContent,
    entityCard,
    runsPanel,
    environmentsPanel,
    doraPanel,
    auditPanel,
    conformancePanel,
    environmentsWidget,
    approvalsWidget,
    conformanceWidget,
    doraWidget,
    environmentsField,
  ],
});
