import type { ScaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createActionsPolicyAction } from './actions/actionsPolicy';
import type { ActionOptions } from './actions/context';
import { createEnsureEnvironmentAction } from './actions/ensureEnvironment';
import { createEnsureRulesetAction } from './actions/ensureRuleset';
import { createPlanAction } from './actions/plan';
import { createRepoFactsAction } from './actions/repoFacts';
import { createVerifyAction } from './actions/verify';
import { createWaitForRunAction } from './actions/waitForRun';

type Actions = Parameters<ScaffolderActionsExtensionPoint['addActions']>;

/** All actions of this module. */
export function createDeliveryActions(options: ActionOptions): Actions {
  return [
    createPlanAction(options),
    createRepoFactsAction(options),
    createEnsureEnvironmentAction(options),
    createActionsPolicyAction(options),
    createEnsureRulesetAction(options),
    createWaitForRunAction(options),
    createVerifyAction(options),
  ];
}
