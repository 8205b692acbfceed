export { DatabaseApprovalStore } from './DatabaseApprovalStore';
