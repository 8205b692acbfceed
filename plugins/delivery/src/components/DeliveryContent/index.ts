export { DeliveryContent } from './DeliveryContent';
export type { DeliveryContentProps } from './DeliveryContent';
export type { DeliveryPanel } from './DeliveryTab';
export { IngestionNote } from './IngestionNote';
export { ProblemBanner } from './ProblemBanner';
