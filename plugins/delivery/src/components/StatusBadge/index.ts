export { StateIcon } from './StateIcon';
export { StatusBadge } from './StatusBadge';
export { isBad, isMoving, STATE_LOOKS, stateKey, stateWord } from './stateOf';
export type { ShownState, StateKey } from './stateOf';
