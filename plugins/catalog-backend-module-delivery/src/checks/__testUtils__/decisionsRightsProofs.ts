import { addStep, swap, type Proofs } from './decisionsProof';

/** Defects that the checks of decisionsRights.ts and decisionsRoles.ts have to see. */

const platform = (file: string, from: RegExp | string, to: string) =>
  swap('platform', file, from, to);
const ROLES = 'onboarding/service-roles.yaml';

export const RIGHTS_PROOFS: Proofs = {
  'V-14': [
    [
      'pullsPushNothing',
      swap(
        'node',
        'pipeline.yml',
        /(\n {2}build:[^]*?)\n {4}if: github\.event_name == 'push'.*\n/,
        '\n  build:\n    name: Build\n',
      ),
    ],
  ],
  'V-15': [
    [
      'pullsNeedNoSecrets',
      swap(
        'node',
        'pipeline.yml',
        'id: unit',
        'id: unit\n        env: { KEY: "${{ secrets.KEY }}" }',
      ),
    ],
  ],
  'V-17': [
    [
      'secretsAreKeysOnly',
      platform(
        'ecs-deploy.yml',
        'role-to-assume: ${{ vars.AWS_DEPLOY_ROLE_ARN }}',
        'role-to-assume: ${{ secrets.AWS_DEPLOY_ROLE_ARN }}',
      ),
    ],
  ],
  'V-18': [
    [
      'trustIsExact',
      platform(
        ROLES,
        /^ *token\.actions\.githubusercontent\.com:sub: .*\n/m,
        '',
      ),
    ],
  ],
  'V-19': [
    [
      'rightsAreMinimal',
      swap(
        'node',
        'pipeline.yml',
        'contents: read\n',
        'contents: read\n      packages: write\n',
      ),
    ],
    [
      'rightsAreMinimal',
      swap(
        'terraform',
        'security-scan.yml',
        /security-events: write\n {6}actions: read\n/,
        'security-events: write\n',
      ),
    ],
  ],
  'V-32': [
    [
      'scriptsHoldNoExpressions',
      addStep(
        'node',
        'pipeline.yml',
        '{ run: "bash ./scripts/smoke-test.sh url ${{ secrets.SMOKE_TEST_API_KEY }}" }',
      ),
    ],
    [
      'keysAreNoArguments',
      swap(
        'node',
        'scripts/smoke-test.sh',
        'ask --header @-',
        'ask --header "x-api-key: $SMOKE_TEST_API_KEY"',
      ),
    ],
  ],
  'F-5': [
    [
      'rolesAreSeparate',
      platform(
        ROLES,
        "sub: !Sub '${Subject}:environment:${EnvironmentName}'",
        "sub: !Sub '${Subject}:pull_request'",
      ),
    ],
  ],
  'F-6': [['trustIsExact', platform(ROLES, 'StringEquals:', 'StringLike:')]],
  'E-1': [
    [
      'noStaticKeys',
      addStep(
        'terraform',
        'cd-staging.yml',
        '{ uses: aws-actions/configure-aws-credentials@v4, with: { aws-access-key-id: "${{ secrets.AWS_ACCESS_KEY_ID }}" } }',
      ),
    ],
  ],
  'E-2': [
    [
      'secretsAreKeysOnly',
      addStep(
        'terraform',
        'cd-staging.yml',
        '{ run: deploy, env: { DATABASE_URL: "${{ secrets.DATABASE_URL }}" } }',
      ),
    ],
  ],
  'X-6': [
    [
      'trustIsExact',
      platform(
        ROLES,
        'job_workflow_ref: !Ref DeployWorkflowRefs',
        "job_workflow_ref: 'acme/platform-workflows/.github/workflows/ecs-deploy.yml@*'",
      ),
    ],
    [
      'trustIsExact',
      platform(
        'onboarding/registry.yaml',
        /^ *token\.actions\.githubusercontent\.com:repository_id: .*\n/m,
        '',
      ),
    ],
  ],
  'X-9': [
    [
      'smokeHasNoCredentials',
      platform(
        'ecs-deploy.yml',
        /(\n {2}smoke:[^]*?)contents: read\n/,
        '\n  smoke:\n    permissions:\n      contents: read\n      id-token: write\n',
      ),
    ],
    [
      'smokeHasNoCredentials',
      platform(
        'ecs-rollback.yml',
        'SMOKE_TEST_API_KEY: ${{ secrets.SMOKE_TEST_API_KEY }}',
        'SMOKE_TEST_API_KEY: ${{ secrets.DATADOG_API_KEY }}',
      ),
    ],
  ],
  'X-10': [
    [
      'secretsAreNamed',
      swap(
        'python',
        'ci.yml',
        /secrets:\n( {6}\w+: .*\n)+/,
        'secrets: inherit\n',
      ),
    ],
  ],
  'O-2': [
    [
      'rolesComeFromVariables',
      platform('ecs-deploy.yml', /^ *allowed-account-ids: .*\n/m, ''),
    ],
  ],
  'K-2': [
    [
      'noPermissionsAtTheTop',
      swap('worker', 'app-pr.yml', /^permissions: \{\}\n/m, ''),
    ],
  ],
  'K-3': [
    [
      'pullsPushNothing',
      swap(
        'python',
        'ci.yml',
        'permissions:\n      contents: read\n',
        'permissions:\n      contents: write\n',
      ),
    ],
  ],
  'K-8': [
    [
      'checkoutsKeepNoToken',
      swap(
        'worker',
        'app-pr.yml',
        'persist-credentials: false',
        'persist-credentials: true',
      ),
    ],
  ],
  'K-9': [
    [
      'scriptsHoldNoExpressions',
      addStep('python', 'ci.yml', '{ run: "echo ${{ github.head_ref }}" }'),
    ],
  ],
};
