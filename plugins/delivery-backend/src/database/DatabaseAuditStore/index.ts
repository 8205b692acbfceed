export { DatabaseAuditStore } from './DatabaseAuditStore';
