import { swap, type Proofs } from './decisionsProof';

/** Defects that the checks of decisionsWorker.ts have to see. */

const worker = (file: string, from: RegExp | string, to: string) =>
  swap('worker', file, from, to);

export const WORKER_PROOFS: Proofs = {
  'F-1': [
    [
      'imageHasOneWriter',
      swap('platform', 'onboard-service.yml', 'aws ssm put-parameter', 'echo'),
    ],
    [
      'imageHasOneWriter',
      worker('rollback.yml', /^ *image-parameter: .*\n/m, ''),
    ],
    [
      'imageHasOneWriter',
      worker(
        'infra/lib/workerService.ts',
        'valueForStringParameter(scope, imageParameterOf(settings))',
        "valueFor('latest')",
      ),
    ],
  ],
  'F-7': [
    [
      'diffOnlyReads',
      worker(
        'infra-pr.yml',
        /^ *if: github\.event\.pull_request\.head.*\n/m,
        '',
      ),
    ],
    [
      'diffOnlyReads',
      worker('infra-pr.yml', /AWS_PLAN_ROLE_ARN_/g, 'AWS_INFRA_ROLE_ARN_'),
    ],
  ],
  'F-8': [
    [
      'readersAreTrusted',
      swap(
        'worker',
        'infra-deploy.yml',
        'AWS_CHANGESET_ROLE_ARN_PRODUCTION',
        'AWS_PLAN_ROLE_ARN_PRODUCTION',
      ),
    ],
    [
      'approvedChangeIsExecuted',
      worker(
        'infra-deploy.yml',
        /run: \.\/scripts\/check-change-set\.sh .*/,
        'run: npx --no-install cdk deploy "$STACK" --require-approval never',
      ),
    ],
    [
      'approvedChangeIsExecuted',
      worker('infra-deploy.yml', 'needs: plan-production', 'needs: test'),
    ],
  ],
  'F-9': [
    [
      'sharedQueue',
      worker(
        'infra-deploy.yml',
        /group: deploy-\$\{\{ github\.repository \}\}-shipping-quotes-staging/,
        'group: infra-staging',
      ),
    ],
    [
      'sharedQueue',
      worker('app-deploy.yml', 'needs: [build, infra]', 'needs: [build]'),
    ],
  ],
  'F-11': [
    [
      'firstEnvironmentFirst',
      worker('infra-deploy.yml', /needs: stack-dev/g, 'needs: test'),
    ],
  ],
  'F-12': [
    [
      'workerIsWatched',
      worker(
        'infra/lib/queues.ts',
        'metricApproximateAgeOfOldestMessage',
        'metricNumberOfMessagesSent',
      ),
    ],
    [
      'workerIsWatched',
      worker(
        'app-deploy.yml',
        /smoke-script: ''.*/,
        'smoke-script: ./scripts/health.sh',
      ),
    ],
  ],
};
