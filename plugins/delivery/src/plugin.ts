import {
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
} from '@backstage/core-plugin-api';
import { createScaffolderFieldExtension } from '@backstage/plugin-scaffolder-react';
import { deliveryApiFactory } from './api/deliveryApiFactory';
import { DeliverySidebarItem as SidebarItem } from './components/DeliverySidebarItem';
import {
  EnvironmentsField,
  ENVIRONMENTS_FIELD,
  validateReviewers,
} from './components/EnvironmentsField';
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

/**
 * Environments as a part of the tab, for `<EntityDeliveryContent panels={[…]} />`; its path must be `environments` for the line above the
 * parts to lead to it.
 * @public
 */
export const EntityDeliveryEnvironmentsPanel = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryEnvironmentsPanel',
    component: {
      lazy: () =>
        import('./components/EnvironmentsPanel').then(m => m.EnvironmentsPanel),
    },
  }),
);

/**
 * DORA and deployment metrics as a part of the tab, for `<EntityDeliveryContent panels={[…]} />`; its path must be `dora` for the tiles
 * above the parts to lead to it.
 * @public
 */
export const EntityDeliveryDoraPanel = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryDoraPanel',
    component: {
      lazy: () => import('./components/DoraPanel').then(m => m.DoraPanel),
    },
  }),
);

/**
 * The audit as a part of the tab, for `<EntityDeliveryContent panels={[…]} />`.
 * @public
 */
export const EntityDeliveryAuditPanel = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryAuditPanel',
    component: {
      lazy: () => import('./components/AuditPanel').then(m => m.AuditPanel),
    },
  }),
);

/**
 * Environments in one line, for `<EntityDeliveryContent widgets={…} />`.
 * @public
 */
export const EntityDeliveryEnvironmentStrip = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryEnvironmentStrip',
    component: {
      lazy: () =>
        import('./components/EnvironmentStrip').then(m => m.EnvironmentStrip),
    },
  }),
);

/**
 * Four DORA metrics in one line, for `<EntityDeliveryContent widgets={…} />`.
 * @public
 */
export const EntityDeliveryDoraTiles = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryDoraTiles',
    component: {
      lazy: () => import('./components/DoraTiles').then(m => m.DoraStrip),
    },
  }),
);

/**
 * What of the service waits for a decision, for `<EntityDeliveryContent widgets={…} />`.
 * @public
 */
export const EntityDeliveryApprovals = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryApprovals',
    component: {
      lazy: () => import('./components/ApprovalCard').then(m => m.ApprovalCard),
    },
  }),
);

/**
 * Entry of a sidebar with how many approvals wait for the person who looks.
 * @public
 */
export const DeliverySidebarItem = deliveryPlugin.provide(
  createComponentExtension({
    name: 'DeliverySidebarItem',
    // Not lazy: a sidebar must not jump.
    component: { sync: SidebarItem },
  }),
);

/**
 * Rules of the standard pipeline, for `panels` of {@link EntityDeliveryContent}.
 * @public
 */
export const EntityDeliveryConformancePanel = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryConformancePanel',
    component: {
      lazy: () =>
        import('./components/ConformancePanel').then(m => m.ConformancePanel),
    },
  }),
);

/**
 * How many rules hold, for `widgets` of {@link EntityDeliveryContent}.
 * @public
 */
export const EntityDeliveryConformanceScore = deliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryConformanceScore',
    component: {
      lazy: () =>
        import('./components/ConformancePanel').then(m => m.ConformanceScore),
    },
  }),
);

/**
 * Field `DeliveryEnvironments` of the service templates; stands inside `<ScaffolderFieldExtensions>`.
 * @public
 */
export const DeliveryEnvironmentsFieldExtension = deliveryPlugin.provide(
  createScaffolderFieldExtension({
    name: ENVIRONMENTS_FIELD,
    component: EnvironmentsField,
    validation: validateReviewers,
  }),
);
