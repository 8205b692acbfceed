import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Read runs, jobs and their graph of a service.
 * @public
 */
export const deliveryRunReadPermission = createPermission({
  name: 'delivery.run.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Read the logs of a service's jobs. Apart from run read: logs can hold what code prints.
 * @public
 */
export const deliveryLogReadPermission = createPermission({
  name: 'delivery.log.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Every permission of the plugin; the backend registers these.
 * @public
 */
export const deliveryPermissions = [
  deliveryRunReadPermission,
  deliveryLogReadPermission,
];
