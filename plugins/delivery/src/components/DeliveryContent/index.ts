export { DeliveryContent } from './DeliveryContent';
export type { DeliveryContentProps, DeliveryPanel } from './DeliveryContent';
export { IngestionNote } from './IngestionNote';
export { ProblemBanner } from './ProblemBanner';
