import {
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
} from '@backstage/core-plugin-api';
import { deliveryApiFactory } from './api/deliveryApiFactory';
import { catalogIndexRouteRef, rootRouteRef, runRouteRef } from './routes';

/**
 * The plugin for the old frontend system.
 * @public
 */
export const deliveryPlugin = createPlugin({
  id: 'delivery',
  apis: [deliveryApiFactory],
  routes: { root: rootRouteRef, run: runRouteRef },
  externalRoutes: { catalogIndex: catalogIndexRouteRef },
});

/**
 * Page for `<Route path="/delivery" …>`; needed, as it holds the address of every run.
 * @public
 */
export const DeliveryPage = deliveryPlugin.provide(
  createRoutableExtension({
    name: 'DeliveryPage',
    component: () =>
      import('./components/DeliveryPage/LegacyDeliveryPage').then(
        m => m.LegacyDeliveryPage,
      ),
    mountPoint: rootRouteRef,
  }),
);

/**
 * Content of an `EntityLayout.Route` with the path `/delivery`. `panels` replaces or adds parts.
 * @public
 */
export const EntityDeliveryContent = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryContent',
    component: {
      lazy: () =>
        import('./components/DeliveryContent').then(m => m.DeliveryContent),
    },
  }),
);

/**
 * Card for the overview page of a service.
 * @public
 */
export const EntityDeliveryCard = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryCard',
    component: {
      lazy: () =>
        import('./components/DeliveryCard/DeliveryCard').then(
          m => m.DeliveryCard,
        ),
    },
  }),
);

/**
 * Runs as a part of the tab, for `<EntityDeliveryContent panels={[…]} />`.
 * @public
 */
export const EntityDeliveryRunsPanel = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryRunsPanel',
    component: {
      lazy: () =>
        import('./components/RunsPanel/RunsPanel').then(m => m.RunsPanel),
    },
  }),
);
