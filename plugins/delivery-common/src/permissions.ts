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
 * Run jobs of a service again.
 * @public
 */
export const deliveryRunRerunPermission = createPermission({
  name: 'delivery.run.rerun',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Cancel runs of a service.
 * @public
 */
export const deliveryRunCancelPermission = createPermission({
  name: 'delivery.run.cancel',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Start workflows of a service by hand.
 * @public
 */
export const deliveryRunDispatchPermission = createPermission({
  name: 'delivery.run.dispatch',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Approve or reject what waits for production; the vendor must list the person as well.
 * @public
 */
export const deliveryApprovalDecidePermission = createPermission({
  name: 'delivery.approval.decide',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Put an environment of a service back to an earlier deployment.
 * @public
 */
export const deliveryDeploymentRollbackPermission = createPermission({
  name: 'delivery.deployment.rollback',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Act past the rules for production, with a reason and a review by somebody else.
 * @public
 */
export const deliveryBreakglassPermission = createPermission({
  name: 'delivery.breakglass',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Read who decided and did what about a service.
 * @public
 */
export const deliveryAuditReadPermission = createPermission({
  name: 'delivery.audit.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Read the audit of everything, also of services that are not in the catalog any more.
 * @public
 */
export const deliveryAuditReadAllPermission = createPermission({
  name: 'delivery.audit.readAll',
  attributes: { action: 'read' },
});

/**
 * Say that a deployment of a service failed, or did not, whatever the evidence says.
 * @public
 */
export const deliveryDoraOverridePermission = createPermission({
  name: 'delivery.dora.override',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * Every permission of the plugin; the backend registers these.
 * @public
 */
export const deliveryPermissions = [
  deliveryRunReadPermission,
  deliveryLogReadPermission,
  deliveryRunRerunPermission,
  deliveryRunCancelPermission,
  deliveryRunDispatchPermission,
  deliveryApprovalDecidePermission,
  deliveryDeploymentRollbackPermission,
  deliveryBreakglassPermission,
  deliveryAuditReadPermission,
  deliveryAuditReadAllPermission,
  deliveryDoraOverridePermission,
];
