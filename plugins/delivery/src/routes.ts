import {
  createExternalRouteRef,
  createRouteRef,
  createSubRouteRef,
} from '@backstage/core-plugin-api';

/** The page of the plugin. Made with core-plugin-api: such references work in both frontend systems. */
export const rootRouteRef = createRouteRef({ id: 'delivery' });

/** Canonical address of one run. */
export const runRouteRef = createSubRouteRef({
  id: 'delivery-run',
  parent: rootRouteRef,
  path: '/runs/:id',
});

/** The list of the catalog; the new frontend system binds it by itself. */
export const catalogIndexRouteRef = createExternalRouteRef({
  id: 'catalog-index',
  optional: true,
  defaultTarget: 'catalog.catalogIndex',
});
