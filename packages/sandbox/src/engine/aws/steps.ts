import type { StepContext } from '../actions';
import type { AwsStep } from './awsStep';
import { ecsCommands } from './commands';
import { configureCredentials, ecrLogin } from './credentials';
import { checkTarget, proveRunning } from './rollbackChecks';
import {
  deployTaskDefinition,
  recordRunning,
  renderTaskDefinition,
} from './deployAction';
import { pushImages } from './images';
import { deployScript, rollbackScript } from './scripts';

const ACTIONS: [RegExp, AwsStep][] = [
  [/\/configure-aws-credentials@/, configureCredentials],
  [/\/amazon-ecr-login@/, ecrLogin],
  [/\/amazon-ecs-render-task-definition@/, renderTaskDefinition],
  [/\/amazon-ecs-deploy-task-definition@/, deployTaskDefinition],
];

const SCRIPTS: [RegExp, AwsStep][] = [
  [/(^|\s)\.\/scripts\/deploy\.sh /, deployScript],
  [/(^|\s)\.\/scripts\/rollback\.sh /, rollbackScript],
  [/(^|\s)docker push /, pushImages],
  [/(^|\s)aws ecs (update-service|wait services-stable) /, ecsCommands],
];

/** `run:` steps known by their id, with a call their script must have. */
const NAMED: Record<string, [call: string, step: AwsStep]> = {
  before: ['aws ecs describe-services', recordRunning],
  target: ['aws ecs describe-task-definition', checkTarget],
  proof: ['aws ecs describe-services', proveRunning],
};

/** What a step does in AWS; undefined for one that does nothing there. */
export function awsStepOf(
  step: Pick<StepContext, 'uses' | 'run_' | 'id'>,
): AwsStep | undefined {
  const { uses, run_: script = '' } = step;
  if (uses) return ACTIONS.find(([pattern]) => pattern.test(uses))?.[1];
  const [call, named] = NAMED[step.id ?? ''] ?? [];
  if (call !== undefined && script.includes(call)) return named;
  return SCRIPTS.find(([pattern]) => pattern.test(script))?.[1];
}
