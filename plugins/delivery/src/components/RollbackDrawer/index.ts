export { DangerZone } from './DangerZone';
export { RollbackDrawer } from './RollbackDrawer';
export { RollbackTo } from './RollbackTo';
