export { ApprovalBadge } from './ApprovalBadge';
export { ApprovalCard } from './ApprovalCard';
export { ApprovalItem } from './ApprovalItem';
export { RunApprovals } from './RunApprovals';
