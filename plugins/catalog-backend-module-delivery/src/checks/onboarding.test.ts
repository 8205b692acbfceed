import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  readStack,
  unknownNames,
  type Stack,
} from './__testUtils__/cloudFormation';
import { describeSteps } from './__testUtils__/platform';
import { runStep } from './__testUtils__/runStep';

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
  NotResource?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

const PREFIX = 'token.actions.githubusercontent.com';

const MANY =
  /^(ecs:(DescribeTaskDefinition|RegisterTaskDefinition)|cloudwatch:DescribeAlarms|ecr:GetAuthorizationToken)$/;

describeSteps('onboarding', repository => {
  const stack = (name: string): Stack =>
    readStack(
      readFileSync(join(repository(), 'onboarding', `${name}.yaml`), 'utf8'),
    );

  function statements(name: string): { role: string; statement: Statement }[] {
    return Object.entries(stack(name).Resources)
      .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
      .flatMap(([role, { Properties = {} }]) =>
        (
          (Properties.Policies ?? []) as {
            PolicyDocument: { Statement: unknown[] };
          }[]
        )
          .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
          .flatMap(item => {
            const either = (item as { 'Fn::If'?: unknown[] })['Fn::If'];
            return either ? either.slice(1) : [item];
          })
          .filter(item => (item as Statement).Effect !== undefined)
          .map(item => ({ role, statement: item as Statement })),
      );
  }

  function trust(name: string, role: string): Record<string, unknown> {
    const document = stack(name).Resources[role].Properties
      ?.AssumeRolePolicyDocument as {
      Statement: Statement[];
    };
    expect(document.Statement).toHaveLength(1);
    const [{ Action, Condition = {} }] = document.Statement;
    expect(Action).toBe('sts:AssumeRoleWithWebIdentity');
    expect(Object.keys(Condition)).toEqual(['StringEquals']);
    return Condition.StringEquals;
  }

  it.each(['registry', 'service-roles', 'ecs-service'])(
    '%s names only what it has',
    name => {
      expect(unknownNames(stack(name))).toEqual([]);
    },
  );

  it.each([
    [
      'registry',
      'BuildRole',
      { Ref: 'Subjects' },
      { Ref: 'BuildWorkflowRefs' },
    ],
    [
      'service-roles',
      'DeployRole',
      { 'Fn::Sub': '${Subject}:environment:${EnvironmentName}' },
      { Ref: 'DeployWorkflowRefs' },
    ],
    [
      'service-roles',
      'SettleRole',
      { Ref: 'BranchSubjects' },
      { Ref: 'DeployWorkflowRefs' },
    ],
    [
      'service-roles',
      'PlanRole',
      { 'Fn::Sub': '${Subject}:pull_request' },
      undefined,
    ],
    [
      'service-roles',
      'InfrastructureRole',
      { 'Fn::Sub': '${Subject}:environment:infra-${EnvironmentName}' },
      {
        'Fn::If': [
          'Cdk',
          {
            'Fn::Sub':
              '${Repository}/.github/workflows/infra-deploy.yml@refs/heads/main',
          },
          {
            'Fn::Sub':
              '${Repository}/.github/workflows/infra.yml@refs/heads/main',
          },
        ],
      },
    ],
  ])('%s trusts exactly one token with %s', (name, role, subject, workflow) => {
    expect(trust(name, role)).toEqual({
      [`${PREFIX}:aud`]: 'sts.amazonaws.com',
      [`${PREFIX}:repository_id`]: { Ref: 'RepositoryId' },
      [`${PREFIX}:sub`]: subject,
      ...(workflow && { [`${PREFIX}:job_workflow_ref`]: workflow }),
    });
  });

  it('allows nothing on everything, but the calls that have no resources', () => {
    const all = ['registry', 'service-roles'].flatMap(statements);
    const allowed = all
      .filter(({ statement }) => statement.Effect === 'Allow')
      .flatMap(({ role, statement }) =>
        [statement.Action].flat().map(action => ({
          role,
          action,
          everything: statement.Resource === '*',
        })),
      );
    expect(allowed.length).toBeGreaterThan(30);
    expect(
      allowed.filter(
        ({ action, everything }) =>
          (everything && !MANY.test(action)) || /^[a-z0-9]*:?\*$/.test(action),
      ),
    ).toEqual([]);
  });

  it('lets settle bring back and record, and register nothing', () => {
    const actions = statements('service-roles')
      .filter(({ role }) => role === 'SettleRole')
      .flatMap(({ statement }) => [statement.Action].flat());
    expect(actions).toEqual(
      expect.arrayContaining([
        'ecs:UpdateService',
        'ecs:StopServiceDeployment',
        'ecs:TagResource',
      ]),
    );
    expect(actions).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/Register|RunTask|PassRole/),
      ]),
    );
    const tag = statements('service-roles').find(
      ({ statement }) => statement.Sid === 'RecordWhatIsVerified',
    );
    expect(tag?.statement.Condition?.['ForAllValues:StringEquals']).toEqual({
      'aws:TagKeys': ['delivery.platform/verified'],
    });
  });

  it('passes roles to tasks only', () => {
    const passes = statements('service-roles').filter(({ statement }) =>
      [statement.Action].flat().includes('iam:PassRole'),
    );
    expect(passes).toHaveLength(1);
    expect(passes[0].statement.Condition).toEqual({
      StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    });
  });

  it.each(['Images', 'SecondImages'])(
    'never lets an image expire that runs (%s)',
    name => {
      const { Properties = {} } = stack('registry').Resources[name];
      expect(Properties.ImageTagMutability).toBe('IMMUTABLE');
      const policy = Properties.LifecyclePolicy as {
        LifecyclePolicyText: string;
      };
      const { rules } = JSON.parse(policy.LifecyclePolicyText) as {
        rules: { rulePriority: number; selection: Record<string, unknown> }[];
      };
      expect(rules.map(({ rulePriority }) => rulePriority)).toEqual([
        1, 2, 3, 4, 5,
      ]);
      expect(rules[0].selection).toMatchObject({
        tagPatternList: ['release-production-*'],
        countNumber: 100,
      });
      expect(rules[1].selection).toMatchObject({
        tagPatternList: ['release-staging-*'],
        countNumber: 50,
      });
      expect(rules[4].selection).toEqual({
        tagStatus: 'any',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: 30,
      });
    },
  );

  it('begins services that watch themselves', () => {
    const { Service, BootstrapDefinition } = stack('ecs-service').Resources;
    expect(Service.Properties?.DeploymentConfiguration).toMatchObject({
      DeploymentCircuitBreaker: {
        'Fn::If': [
          'BlueGreen',
          { Ref: 'AWS::NoValue' },
          { Enable: true, Rollback: true },
        ],
      },
      Alarms: { Enable: true, Rollback: true },
      MinimumHealthyPercent: 100,
    });
    const containers = BootstrapDefinition.Properties
      ?.ContainerDefinitions as Record<string, unknown>[];
    expect(containers[0]).toHaveProperty('HealthCheck');
    expect(containers[0]).not.toHaveProperty('Command');
  });

  describe('of a name that is taken', () => {
    const check = (owner?: string) =>
      runStep(`bash "$SCRIPT" delivery-shipping-registry 22`, {
        env: { SCRIPT: join(repository(), 'scripts/check-stack.sh') },
        fakes: {
          aws: {
            'cloudformation list-stacks': JSON.stringify({
              StackSummaries: owner
                ? [{ StackName: 'delivery-shipping-registry' }]
                : [],
            }),
            'cloudformation describe-stacks': JSON.stringify({
              Stacks: [
                {
                  Tags: [
                    { Key: 'delivery.platform/repository-id', Value: owner },
                  ],
                },
              ],
            }),
          },
        },
      });

    it.each([undefined, '22'])('goes on when it belongs to %s', owner => {
      expect(check(owner).code).toBe(0);
    });

    it('is refused when it belongs to another repository', () => {
      const { code, log } = check('99');
      expect(code).toBe(1);
      expect(log).toContain('belongs to the repository with the id 99');
    });
  });

  it('refuses bad requests by its own test', () => {
    const git = (...args: string[]) =>
      spawnSync(
        'git',
        ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args],
        {
          cwd: repository(),
          encoding: 'utf8',
        },
      );
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message', 'x');
    const { status, stdout } = spawnSync('bash', ['scripts/test.sh'], {
      cwd: repository(),
      encoding: 'utf8',
    });
    expect({ status, stdout }).toMatchObject({ status: 0 });
  });
});
