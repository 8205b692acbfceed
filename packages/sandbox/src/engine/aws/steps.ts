import type { StepContext } from '../actions';
import type { AwsStep } from './awsStep';
import { ecsCommands } from './commands';
import { configureCredentials, ecrLogin } from './credentials';
import {
  deployTaskDefinition,
  recordRunning,
  renderTaskDefinition,
} from './deployAction';
import { pushImages } from './images';
import {
  applyPlan,
  checkChangeSet,
  executeChangeSet,
  planToApply,
  prepareChangeSet,
} from './infrastructure';
import { checkRequest, makeService, onboard } from './onboarding/onboard';
import { nameApprover } from './proven/approver';
import { checkDescent, recordVerified, tellOthers } from './proven/before';
import { goBack } from './proven/goBack';
import { attest, keepImage, proveImage, sign } from './proven/images';
import {
  checkVerifiedTarget,
  proveBack,
  putParameter,
  recordRevision,
} from './proven/records';
import { resolveVerified } from './proven/resolve';
import {
  bringBack,
  letTrafficGoOver,
  waitAtTestListener,
} from './proven/traffic';
import { checkTarget, proveRunning } from './rollbackChecks';
import { deployScript, rollbackScript } from './scripts';

const ACTIONS: [RegExp, AwsStep][] = [
  [/\/configure-aws-credentials@/, configureCredentials],
  [/\/amazon-ecr-login@/, ecrLogin],
  [/^actions\/attest@/, attest],
  [/\/amazon-ecs-render-task-definition@/, renderTaskDefinition],
  [/\/amazon-ecs-deploy-task-definition@/, deployTaskDefinition],
];

const SCRIPTS: [RegExp, AwsStep][] = [
  [/(^|\s)\.\/scripts\/deploy\.sh /, deployScript],
  [/(^|\s)\.\/scripts\/rollback\.sh /, rollbackScript],
  [/(^|\s)docker push /, pushImages],
  [/(^|\s)aws ecs (update-service|wait services-stable) /, ecsCommands],
];

/** `run:` steps known by their id and a text their script must have; of several with an id the first that fits. */
const NAMED: [id: string, text: string, step: AwsStep][] = [
  ['check', './scripts/check-request.sh', checkRequest],
  ['onboard', 'aws cloudformation deploy', onboard],
  ['service', 'aws cloudformation deploy', makeService],
  ['prepare', './scripts/prepare-change-set.sh', prepareChangeSet],
  ['check', './scripts/check-change-set.sh', checkChangeSet],
  ['stack', 'aws cloudformation execute-change-set', executeChangeSet],
  ['plan', '-out=saved.tfplan', planToApply],
  ['apply', 'terraform apply', applyPlan],
  ['resolve', './scripts/resolve-verified.sh', resolveVerified],
  ['outputs', 'settle-role=', tellOthers],
  ['approver', 'via portal, attempt', nameApprover],
  ['approver', './scripts/require-approval.sh', nameApprover],
  ['sign', 'sign --yes', sign],
  ['image', 'org.opencontainers.image.revision', proveImage],
  ['before', 'delivery.platform/verified', recordVerified],
  ['before', 'aws ecs describe-services', recordRunning],
  ['descent', '/compare/', checkDescent],
  ['pause', 'aws ecs describe-service-deployments', waitAtTestListener],
  ['continue', 'aws ecs continue-service-deployment', letTrafficGoOver],
  ['record', 'aws ecs tag-resource', recordRevision],
  ['release', 'aws ecr put-image', keepImage],
  ['parameter', 'aws ssm put-parameter', putParameter],
  ['target', 'release-$ENVIRONMENT-', checkVerifiedTarget],
  ['target', 'aws ecs describe-task-definition', checkTarget],
  ['rollback', 'aws ecs stop-service-deployment', goBack],
  ['return', 'aws ecs stop-service-deployment', goBack],
  ['rollback', '--task-definition "$TARGET"', bringBack],
  ['proof', '"$RUNNING"', proveBack],
  ['proof', 'aws ecs describe-services', proveRunning],
];

/** What a step does in AWS; undefined for one that does nothing there. */
export function awsStepOf(
  step: Pick<StepContext, 'uses' | 'run_' | 'id'>,
): AwsStep | undefined {
  const { uses, run_: script = '' } = step;
  if (uses) return ACTIONS.find(([pattern]) => pattern.test(uses))?.[1];
  const named = NAMED.find(
    ([id, text]) => id === step.id && script.includes(text),
  );
  return named?.[2] ?? SCRIPTS.find(([pattern]) => pattern.test(script))?.[1];
}
