import type { StepContext } from '../actions';
import type { AwsStep } from './awsStep';
import { ecsCommands } from './commands';
import {
  deployTaskDefinition,
  recordRunning,
  renderTaskDefinition,
} from './deployAction';
import { pushImages } from './images';
import { deployScript, rollbackScript } from './scripts';

const ACTIONS: [RegExp, AwsStep][] = [
  [/\/amazon-ecs-render-task-definition@/, renderTaskDefinition],
  [/\/amazon-ecs-deploy-task-definition@/, deployTaskDefinition],
];

const SCRIPTS: [RegExp, AwsStep][] = [
  [/(^|\s)\.\/scripts\/deploy\.sh /, deployScript],
  [/(^|\s)\.\/scripts\/rollback\.sh /, rollbackScript],
  [/(^|\s)docker push /, pushImages],
  [/(^|\s)aws ecs (update-service|wait services-stable) /, ecsCommands],
];

/** What a step does in AWS; undefined for one that does nothing there. */
export function awsStepOf(
  step: Pick<StepContext, 'uses' | 'run_' | 'id'>,
): AwsStep | undefined {
  const { uses, run_: script = '' } = step;
  if (uses) return ACTIONS.find(([pattern]) => pattern.test(uses))?.[1];
  if (step.id === 'before' && script.includes('aws ecs describe-services')) {
    return recordRunning;
  }
  return SCRIPTS.find(([pattern]) => pattern.test(script))?.[1];
}
