import type { Output } from './decisionsOutput';
import { commands, stepsOf, unless, type Check } from './decisionsProof';
import type { Step } from './workflows';

/** How a revision comes into being, is migrated with, brought to the service, verified and taken back. */

const DEPLOY = 'ecs-deploy.yml';
const ROLLBACK = 'ecs-rollback.yml';

const input = (output: Output, id: string, name: string) =>
  output.step('platform', DEPLOY, 'deploy', id).with?.[name];

/** The steps of the deploy job by their position. */
const position = (output: Output, fits: (step: Step) => boolean) =>
  (output.job('platform', DEPLOY, 'deploy').steps ?? []).findIndex(fits);

const byId = (id: string) => (step: Step) => step.id === id;
const credentials = ({ uses = '' }: Step) =>
  uses.startsWith('aws-actions/configure-aws-credentials@');

/** Everything that could start ECS on a revision. */
const pipelineCommands = (output: Output) =>
  commands(output, 'platform', 'node', 'python', 'worker', 'terraform');

const revisionsAreReturned: Check = output => [
  ...pipelineCommands(output).flatMap(([path, text]) =>
    [...text.matchAll(/--task-definition[ =]("[^"]*"|\S+)/g)]
      .filter(([, value]) => !/^"\$(?!SERVICE"|name")\w+"$/.test(value))
      .map(
        ([match]) => `${path}: ${match} is not a revision that AWS returned`,
      ),
  ),
  ...unless(
    input(output, 'deploy', 'task-definition') ===
      '${{ steps.render.outputs.task-definition }}',
    'ecs-deploy deploys something else than what it rendered',
  ),
];

const nothingIsForced: Check = output =>
  pipelineCommands(output)
    .filter(([, text]) => /force-new-deployment/.test(text))
    .map(([path]) => `${path}: deploys the old revision once more`);

const migrationIsAwaited: Check = output => [
  ...unless(
    input(output, 'deploy', 'wait-for-task-stopped') === true,
    'nobody waits for the migration',
  ),
  ...unless(
    String(input(output, 'deploy', 'run-task')).includes(
      "inputs.migrate-command != ''",
    ),
    'the deployment does not migrate',
  ),
  ...pipelineCommands(output)
    .filter(([, text]) => /aws ecs run-task/.test(text))
    .map(([path]) => `${path}: starts a task that nobody waits for`),
];

const migrationUsesTheNewRevision: Check = output => {
  const overrides = String(
    input(output, 'deploy', 'run-task-container-overrides'),
  );
  return [
    ...unless(
      overrides.includes('"command":'),
      'the migration has no command of its own',
    ),
    ...unless(
      !/environment|image/i.test(overrides),
      'the migration overrides more than the command',
    ),
  ];
};

const migrationHasANetwork: Check = output => [
  ...unless(
    input(output, 'deploy', 'run-task-subnets') ===
      '${{ steps.before.outputs.subnets }}' &&
      input(output, 'deploy', 'run-task-security-groups') ===
        '${{ steps.before.outputs.sgs }}',
    'the migration does not run in the network of the service',
  ),
  ...unless(
    /awsvpcConfiguration\.subnets/.test(
      String(output.step('platform', DEPLOY, 'deploy', 'before').run),
    ),
    'the network is not read from the service',
  ),
];

const stabilityIsVerified: Check = output => [
  ...pipelineCommands(output)
    .filter(([, text]) => /aws ecs wait services-stable/.test(text))
    .map(
      ([path]) =>
        `${path}: the waiter is content with what a circuit breaker brought back`,
    ),
  ...unless(
    /BLUE_GREEN|^true$/.test(
      String(input(output, 'deploy', 'wait-for-service-stability')),
    ) && Number(input(output, 'deploy', 'wait-for-minutes')) > 0,
    'the deployment does not wait, or without an end',
  ),
  ...unless(
    /\.taskDefinition == \$ours/.test(
      String(output.step('platform', DEPLOY, 'settle', 'record').run),
    ),
    'what runs is not compared with what was deployed',
  ),
];

const wayBackAlwaysRuns: Check = output => {
  const settle = output.job('platform', DEPLOY, 'settle');
  const back = output.step('platform', DEPLOY, 'settle', 'rollback');
  return [
    ...unless(
      /^always\(\)/.test(String(settle.if)),
      'the settle job does not run after a failure',
    ),
    ...unless(
      /^always\(\) && steps\.record\.outcome != 'success'/.test(
        String(back.if),
      ),
      'the way back is not always taken',
    ),
    ...unless(
      /stop-service-deployment/.test(String(back.run)),
      'a rollout that is under way is not stopped',
    ),
  ];
};

const previousIsRecordedFirst: Check = output => {
  const before = String(
    output.step('platform', DEPLOY, 'deploy', 'before').run,
  );
  const again = output.job('platform', DEPLOY, 'smoke-again');
  return [
    ...unless(
      position(output, byId('before')) < position(output, byId('deploy')),
      'what runs is recorded after the migration',
    ),
    ...unless(
      /\(\.serviceDeployments \| length\) == 0' .*\|\| fail/.test(before),
      'a deployment that is under way is not refused',
    ),
    ...unless(
      /rolloutState .*== "COMPLETED"/.test(before),
      'a rollout that did not complete counts as good',
    ),
    ...unless(
      /rolled-back == 'true'/.test(String(again.if)),
      'there is no smoke test after the way back',
    ),
  ];
};

const deploymentKeepsItsOrder: Check = output => {
  const wanted = [
    byId('approver'),
    credentials,
    byId('image'),
    byId('before'),
    byId('descent'),
    byId('render'),
    byId('deploy'),
  ];
  const found = wanted.map(fits => position(output, fits));
  return unless(
    found.every(
      (place, index) => place >= 0 && (index === 0 || place > found[index - 1]),
    ),
    `the steps of a deployment stand in another order: ${found.join(', ')}`,
  );
};

const oneRegistration: Check = output => {
  const registering = stepsOf(output.workflows('platform')).filter(
    ({ step }) =>
      /amazon-ecs-deploy-task-definition@/.test(step.uses ?? '') ||
      /register-task-definition/.test(step.run ?? ''),
  );
  return unless(
    registering.length === 1,
    `revisions are registered ${registering.length} times`,
  );
};

const rendersTheRecorded: Check = output => [
  ...unless(
    input(output, 'render', 'task-definition-arn') ===
      '${{ steps.before.outputs.td }}' &&
      input(output, 'render', 'image') === '${{ inputs.image }}',
    'the new revision is not made from what was recorded',
  ),
  ...unless(
    /delivery\.platform\/verified/.test(
      String(output.step('platform', DEPLOY, 'deploy', 'before').run),
    ) &&
      /delivery\.platform\/verified/.test(
        String(output.step('platform', DEPLOY, 'settle', 'record').run),
      ),
    'the verified revision is not recorded and read',
  ),
];

const labelComesFromTheImage: Check = output => [
  ...unless(
    String(input(output, 'render', 'docker-labels')).includes(
      'org.opencontainers.image.revision=${{ steps.image.outputs.revision }}',
    ),
    'the label of the revision does not come from the image',
  ),
  ...unless(
    /imagetools inspect "\$IMAGE"/.test(
      String(output.step('platform', DEPLOY, 'deploy', 'image').run),
    ),
    'the image is not asked for its commit',
  ),
];

const onlyOursIsTakenBack: Check = output =>
  (
    [
      [DEPLOY, 'rollback'],
      [ROLLBACK, 'return'],
    ] as const
  ).flatMap(([file, id]) => {
    const script = String(output.step('platform', file, 'settle', id).run);
    const update = script.indexOf('update-service');
    const own = script.lastIndexOf(
      '[ "$primary" = "$TASK_DEFINITION" ]',
      update,
    );
    return [
      ...unless(
        own >= 0,
        `${file}: takes back what another deployment brought`,
      ),
      ...unless(
        /left-alone/.test(script),
        `${file}: does not leave other deployments alone`,
      ),
    ];
  });

const candidatesDescend: Check = output => {
  const script = String(
    output.step('platform', DEPLOY, 'deploy', 'descent').run,
  );
  return [
    ...unless(
      /compare\/\$running\.\.\.\$CANDIDATE/.test(script),
      'the candidate is not compared with what runs',
    ),
    ...unless(
      /ahead \| identical\)/.test(script) && /\*\) fail/.test(script),
      'an older candidate is let through',
    ),
  ];
};

export const DEPLOYMENT_CHECKS = {
  revisionsAreReturned,
  nothingIsForced,
  migrationIsAwaited,
  migrationUsesTheNewRevision,
  migrationHasANetwork,
  stabilityIsVerified,
  wayBackAlwaysRuns,
  previousIsRecordedFirst,
  deploymentKeepsItsOrder,
  oneRegistration,
  rendersTheRecorded,
  labelComesFromTheImage,
  onlyOursIsTakenBack,
  candidatesDescend,
} satisfies Record<string, Check>;
