/**
 * Delivery for Backstage: pipeline runs, live, on the page of each service. For the old frontend system; the new one finds `./alpha`.
 *
 * @packageDocumentation
 */
export { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
export { deliveryApiRef } from './api/DeliveryApi';
export type { DeliveryApi } from './api/DeliveryApi';
export { DeliveryApiClient } from './api/DeliveryApiClient';
export type { AuditPanelProps } from './components/AuditPanel';
export type { ConformancePanelProps } from './components/ConformancePanel';
export type {
  DeliveryContentProps,
  DeliveryPanel,
} from './components/DeliveryContent';
export type { DoraPanelProps } from './components/DoraPanel';
export type { EnvironmentsPanelProps } from './components/EnvironmentsPanel';
export type { RunsPanelProps } from './components/RunsPanel/RunsPanel';
export {
  DeliveryEnvironmentsFieldExtension,
  DeliveryPage,
  deliveryPlugin,
  DeliverySidebarItem,
  EntityDeliveryApprovals,
  EntityDeliveryAuditPanel,
  EntityDeliveryCard,
  EntityDeliveryConformancePanel,
  EntityDeliveryConformanceScore,
  EntityDeliveryContent,
  EntityDeliveryDoraPanel,
  EntityDeliveryDoraTiles,
  EntityDeliveryEnvironmentsPanel,
  EntityDeliveryEnvironmentStrip,
  EntityDeliveryRunsPanel,
} from './plugin';
export { deliveryTranslationRef } from './translation/deliveryTranslationRef';
