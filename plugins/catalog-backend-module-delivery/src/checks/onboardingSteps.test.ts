import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describeSteps } from './__testUtils__/platform';
import { runStep } from './__testUtils__/runStep';
import { scriptOf, workflowOf } from './__testUtils__/workflows';

const IMAGE = `111111111111.dkr.ecr.eu-west-1.amazonaws.com/delivery-bootstrap@sha256:${'b'.repeat(
  64,
)}`;

describeSteps('steps of onboarding', repository => {
  describe('of a worker', () => {
    const name = (known: boolean) =>
      runStep(
        scriptOf(
          workflowOf(repository(), 'onboard-service.yml'),
          'environment',
          'first-image',
        ),
        {
          env: {
            SERVICE: 'shipping',
            ENVIRONMENT: 'dev',
            BOOTSTRAP_IMAGE: IMAGE,
          },
          fakes: {
            aws: {
              'ssm get-parameters': JSON.stringify({
                Parameters: known ? [{ Name: '/shipping/dev/image' }] : [],
              }),
              'ssm put-parameter': '',
            },
          },
        },
      );

    it('names the first image', () => {
      expect(name(false).calls.join('\n')).toContain(
        `ssm put-parameter --name /shipping/dev/image --type String --value ${IMAGE}`,
      );
    });

    it('leaves the image that the pipeline named', () => {
      const { code, calls } = name(true);
      expect(code).toBe(0);
      expect(calls.join('\n')).not.toContain('put-parameter');
    });
  });

  describe('of the ECS service', () => {
    const make = (status: string) =>
      runStep(
        scriptOf(
          workflowOf(repository(), 'onboard-service.yml'),
          'environment',
          'service',
        )
          // Whose stack it is has a test of its own.
          .replace(/^bash .*check-stack.*$/m, ''),
        {
          env: {
            SERVICE: 'shipping',
            ENVIRONMENT: 'staging',
            CLUSTER: 'main',
            ENTITY: 'component:default/shipping',
            REPOSITORY_ID: '22',
            STRATEGY: 'ROLLING',
            BOOTSTRAP_IMAGE: IMAGE,
          },
          fakes: {
            aws: {
              'cloudformation describe-stacks':
                status === ''
                  ? { fails: 'Stack does not exist', code: 254 }
                  : status,
              'cloudformation deploy': '',
              'cloudformation set-stack-policy': '',
            },
          },
        },
      );
    const changes = (calls: readonly string[]) =>
      calls.filter(call => /deploy|set-stack-policy/.test(call)).length;

    it('makes it once', () => {
      const { code, calls } = make('');
      expect(code).toBe(0);
      expect(calls.join('\n')).toContain(`BootstrapImage=${IMAGE}`);
      expect(changes(calls)).toBe(2);
    });

    it.each(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'])(
      'leaves it to the pipeline and its owners (%s)',
      status => {
        const { code, calls } = make(status);
        expect(code).toBe(0);
        expect(changes(calls)).toBe(0);
      },
    );

    it('says what to do about one that could not be made', () => {
      const { code, log, calls } = make('ROLLBACK_COMPLETE');
      expect(code).toBe(1);
      expect(log).toContain('delete the stack and start this again');
      expect(changes(calls)).toBe(0);
    });
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
