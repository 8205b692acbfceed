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
