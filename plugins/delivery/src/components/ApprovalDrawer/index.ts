export { ApprovalDrawer } from './ApprovalDrawer';
