import {
  ancestors,
  callsOf,
  jobsOf,
  stepsOf,
  unless,
  type Check,
} from './decisionsProof';

/** Infrastructure of the worker beside its deployments: the CDK's stacks. */

const NAME = 'shipping-quotes';

const group = ({ concurrency }: { concurrency?: unknown }) =>
  String((concurrency as { group?: string })?.group);

const imageHasOneWriter: Check = output => [
  ...[
    ...callsOf(output.workflows('worker'), 'ecs-deploy.yml'),
    ...callsOf(output.workflows('worker'), 'ecs-rollback.yml'),
  ]
    .filter(
      ({ job }) =>
        job.with?.['image-parameter'] !==
        `/${NAME}/${job.with?.environment}/image`,
    )
    .map(({ where }) => `${where}: does not tell the stack which image runs`),
  ...unless(
    /valueForStringParameter\(scope, imageParameterOf\(settings\)\)/.test(
      output.text('worker', 'infra/lib/workerService.ts'),
    ),
    'worker: the stack brings an image of its own',
  ),
  ...unless(
    /ssm put-parameter --name "\$parameter"/.test(
      String(
        output.step(
          'platform',
          'onboard-service.yml',
          'environment',
          'first-image',
        ).run,
      ),
    ),
    'onboarding: a worker begins without an image',
  ),
];

const diffOnlyReads: Check = output => [
  ...jobsOf([output.workflow('worker', 'infra-pr.yml')])
    .filter(
      ({ job }) =>
        (job.permissions as Record<string, string>)['id-token'] !== undefined,
    )
    .filter(
      ({ job }) =>
        !/head\.repo\.full_name == github\.repository/.test(String(job.if)),
    )
    .map(({ where }) => `${where}: has no role for a fork`),
  ...stepsOf([output.workflow('worker', 'infra-pr.yml')])
    .filter(({ step }) => step.with?.['role-to-assume'] !== undefined)
    .filter(({ job }) => !/"AWS_PLAN_ROLE_ARN_\w+"/.test(JSON.stringify(job)))
    .map(({ where }) => `${where}: compares with a role that writes`),
];

const approvedChangeIsExecuted: Check = output => {
  const stack = output.job('worker', 'infra-deploy.yml', 'stack-production');
  const steps = stack.steps ?? [];
  const at = (fits: RegExp) =>
    steps.findIndex(({ run }) => fits.test(run ?? ''));
  const script = output.text('worker', 'scripts/check-change-set.sh');
  return [
    ...unless(
      [stack.needs].flat().includes('plan-production'),
      'worker: nothing is prepared before the approval',
    ),
    ...unless(
      at(/check-change-set\.sh/) >= 0 &&
        at(/check-change-set\.sh/) < at(/execute-change-set/),
      'worker: another change set may be executed than was approved',
    ),
    ...unless(
      at(/cdk deploy/) < 0,
      'worker: production makes its changes after the approval',
    ),
    ...unless(
      /sha256sum/.test(script) && /not what was approved/.test(script),
      'worker: the changes are not compared',
    ),
    ...unless(
      /review-change-set/.test(
        output.text('worker', 'scripts/prepare-change-set.sh'),
      ),
      'worker: data may be lost without a word',
    ),
  ];
};

const sharedQueue: Check = output => {
  const app = group(output.job('platform', 'ecs-deploy.yml', 'deploy'));
  return [
    ...['dev', 'qa', 'staging', 'production'].flatMap(environment => {
      const wanted = app
        .replace('${{ inputs.service || github.event.repository.name }}', NAME)
        .replace('${{ inputs.environment }}', environment);
      return unless(
        group(
          output.job('worker', 'infra-deploy.yml', `stack-${environment}`),
        ) === wanted,
        `worker: infrastructure and app may change ${environment} at once`,
      );
    }),
    ...unless(
      ancestors(output.workflow('worker', 'app-deploy.yml'), 'deploy-dev').has(
        'infra',
      ) &&
        ancestors(
          output.workflow('worker', 'app-deploy.yml'),
          'deploy-production',
        ).has('infra-production'),
      'worker: the app does not wait for its infrastructure',
    ),
  ];
};

const firstEnvironmentFirst: Check = output =>
  ['stack-qa', 'stack-staging', 'plan-production', 'stack-production']
    .filter(
      name =>
        !ancestors(output.workflow('worker', 'infra-deploy.yml'), name).has(
          'stack-dev',
        ),
    )
    .map(name => `worker: ${name} does not wait for dev`);

const workerIsWatched: Check = output => {
  const queues = output.text('worker', 'infra/lib/queues.ts');
  const service = output.text('worker', 'infra/lib/workerService.ts');
  return [
    ...unless(
      /metricApproximateAgeOfOldestMessage/.test(queues),
      'worker: nobody watches the age of messages',
    ),
    ...unless(
      /deadLetters\.metricApproximateNumberOfMessagesVisible/.test(queues),
      'worker: nobody watches dead letters',
    ),
    ...unless(
      /alarmNames: queues\.alarms/.test(service) &&
        /healthCheck: \{/.test(service),
      'worker: a deployment is not judged',
    ),
    ...callsOf(output.workflows('worker'), 'ecs-deploy.yml')
      .filter(({ job }) => job.with?.['smoke-script'] !== '')
      .map(
        ({ where }) => `${where}: asks an address that a worker does not have`,
      ),
  ];
};

export const WORKER_CHECKS = {
  imageHasOneWriter,
  diffOnlyReads,
  approvedChangeIsExecuted,
  sharedQueue,
  firstEnvironmentFirst,
  workerIsWatched,
} satisfies Record<string, Check>;
