export { AuditList } from './AuditList';
export { AuditPanel } from './AuditPanel';
export type { AuditPanelProps } from './AuditPanel';
