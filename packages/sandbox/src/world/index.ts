export { buildWorld, HISTORY_DAYS } from './buildWorld';
export { suggestChange, type SuggestedChange } from './changes';
export { componentOf, COMPONENTS, type WorldComponent } from './components';
export { REPOSITORIES } from './repositories';
export { ACCOUNT_IDS } from './aws/accounts';
export { placesOf } from './aws/services';
