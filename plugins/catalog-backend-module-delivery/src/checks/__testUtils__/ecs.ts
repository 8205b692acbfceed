/** Bodies as `aws ecs …` prints them, as far as the workflows read them. */

const json = (value: unknown) => `${JSON.stringify(value)}\n`;

const ACCOUNT = '444444444444';

/** ARN of a revision of the service `shipping`. */
export const definition = (revision: number, family = 'shipping') =>
  `arn:aws:ecs:eu-west-1:${ACCOUNT}:task-definition/${family}:${revision}`;

export const SERVICE_ARN = `arn:aws:ecs:eu-west-1:${ACCOUNT}:service/main/shipping`;

interface ServiceWish {
  rollout?: string | null;
  /** A second deployment beside the primary one. */
  draining?: number;
  runningCount?: number;
  tags?: { key: string; value: string }[];
  alarms?: string[];
  status?: string;
}

/** `describe-services` of a service whose primary deployment has a revision. */
export function service(
  primary: number | string,
  wish: ServiceWish = {},
): string {
  const { rollout = 'COMPLETED', draining, runningCount = 2, alarms } = wish;
  const arn = typeof primary === 'number' ? definition(primary) : primary;
  const deployments = [
    {
      status: 'PRIMARY',
      taskDefinition: arn,
      ...(rollout !== null && { rolloutState: rollout }),
    },
    ...(draining === undefined
      ? []
      : [
          {
            status: 'ACTIVE',
            taskDefinition: definition(draining),
            rolloutState: 'COMPLETED',
          },
        ]),
  ];
  return json({
    failures: [],
    services: [
      {
        serviceArn: SERVICE_ARN,
        status: wish.status ?? 'ACTIVE',
        taskDefinition: arn,
        deployments,
        runningCount,
        desiredCount: 2,
        tags: wish.tags ?? [],
        deploymentConfiguration: alarms
          ? { alarms: { alarmNames: alarms } }
          : {},
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: ['subnet-1', 'subnet-2'],
            securityGroups: ['sg-1'],
          },
        },
      },
    ],
  });
}

export const DEPLOYMENT =
  'arn:aws:ecs:eu-west-1:444444444444:service-deployment/main/shipping/d1';

/** `list-service-deployments`: the one that is under way, or none. */
export const moving = (under = true) =>
  json({
    serviceDeployments: under ? [{ serviceDeploymentArn: DEPLOYMENT }] : [],
  });

interface DeploymentWish {
  stage?: string;
  /** A PAUSE hook that waits. */
  hook?: string;
}

/** `describe-service-deployments` of one deployment. */
export const deployment = (status: string, wish: DeploymentWish = {}) =>
  json({
    serviceDeployments: [
      {
        serviceDeploymentArn: DEPLOYMENT,
        status,
        lifecycleStage: wish.stage ?? 'SCALE_UP',
        targetServiceRevision: { arn: 'arn:revision' },
        lifecycleHookDetails: wish.hook
          ? [
              {
                hookId: wish.hook,
                targetType: 'PAUSE',
                status: 'AWAITING_ACTION',
              },
            ]
          : [],
      },
    ],
  });

/** `describe-service-revisions`: what the deployment brings. */
export const revision = (number: number) =>
  json({ serviceRevisions: [{ taskDefinition: definition(number) }] });

/** `describe-task-definition`. */
export const taskDefinition = (
  number: number,
  wish: {
    status?: string;
    commit?: string;
    image?: string;
    family?: string;
  } = {},
) =>
  json({
    taskDefinition: {
      taskDefinitionArn: definition(number, wish.family),
      status: wish.status ?? 'ACTIVE',
      containerDefinitions: [
        { name: 'log-router', image: 'public.ecr.aws/fluent@sha256:0' },
        {
          name: 'shipping',
          image: wish.image ?? 'public.ecr.aws/bootstrap@sha256:1',
          ...(wish.commit && {
            dockerLabels: { 'org.opencontainers.image.revision': wish.commit },
          }),
        },
      ],
    },
  });
