import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  readStack,
  unknownNames,
  type Stack,
} from './__testUtils__/cloudFormation';
import { describeSteps } from './__testUtils__/platform';

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
  /^(ecs:(DescribeTaskDefinition|RegisterTaskDefinition)|cloudformation:ListStacks|cloudwatch:DescribeAlarms|ecr:GetAuthorizationToken)$/;

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
      {
        'Fn::If': [
          'Terraform',
          [
            { 'Fn::Sub': '${Subject}:pull_request' },
            { 'Fn::Sub': '${Subject}:ref:refs/heads/main' },
          ],
          { 'Fn::Sub': '${Subject}:pull_request' },
        ],
      },
      undefined,
    ],
    [
      'service-roles',
      'ChangeSetRole',
      { 'Fn::Sub': '${Subject}:ref:refs/heads/main' },
      {
        'Fn::Sub':
          '${Repository}/.github/workflows/infra-deploy.yml@refs/heads/main',
      },
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

  it('passes roles to tasks only, and the role of the CDK to CloudFormation', () => {
    const passes = statements('service-roles')
      .filter(({ statement }) =>
        [statement.Action].flat().includes('iam:PassRole'),
      )
      .map(({ role, statement }) => [role, statement.Condition]);
    const to = (service: string) => ({
      StringEquals: { 'iam:PassedToService': `${service}.amazonaws.com` },
    });
    expect(passes).toEqual([
      ['DeployRole', to('ecs-tasks')],
      ['ChangeSetRole', to('cloudformation')],
      ['InfrastructureRole', to('ecs-tasks')],
    ]);
  });

  it('lets nobody execute the change set who prepared it', () => {
    const actionsOf = (role: string) =>
      statements('service-roles')
        .filter(item => item.role === role)
        .flatMap(({ statement }) => [statement.Action].flat());
    expect(actionsOf('ChangeSetRole')).toContain(
      'cloudformation:CreateChangeSet',
    );
    expect(actionsOf('ChangeSetRole')).not.toContain(
      'cloudformation:ExecuteChangeSet',
    );
    expect(actionsOf('InfrastructureRole')).toContain(
      'cloudformation:ExecuteChangeSet',
    );
    expect(actionsOf('InfrastructureRole')).not.toContain(
      'cloudformation:CreateChangeSet',
    );
  });

  it('names buckets that S3 takes, whatever the names', () => {
    const [bucket] = JSON.stringify(stack('service-roles')).match(
      /arn:aws:s3:::[^"/]*/,
    ) as RegExpMatchArray;
    // As long as the roles of a service may become: check-request.sh refuses longer names.
    const name = bucket
      .replace('arn:aws:s3:::', '')
      .replace('${ServiceName}', 'a'.repeat(40))
      .replace('${EnvironmentName}', 'b'.repeat(13));
    expect(name.length).toBeLessThanOrEqual(63);
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
});
