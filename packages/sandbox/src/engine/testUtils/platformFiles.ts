const AWS =
  'aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c';
const LOGIN =
  'aws-actions/amazon-ecr-login@03f1aad4c6c7ffd436567f42f9384779290529bd';
const RENDER =
  'aws-actions/amazon-ecs-render-task-definition@138c24f321fdbdf7edee4a685519d253cae2cdea';
const DEPLOY =
  'aws-actions/amazon-ecs-deploy-task-definition@c465972ecbd160473f22e683363b422a5412a3de';
const ATTEST = 'actions/attest@1e69f48acb82d1966a394da916b4c1698aa569d6';

/** The calls that the engine knows the steps by; no shell ever sees them. */
const BUILD = `name: ecs-build
on:
  workflow_call:
    inputs: { repository: { type: string, required: true } }
    outputs: { image: { value: "\${{ jobs.build.outputs.image }}" } }
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    permissions: { contents: read, id-token: write, attestations: write }
    outputs: { image: "\${{ steps.push.outputs.image }}" }
    steps:
      - uses: ${AWS}
        with:
          role-to-assume: \${{ vars.AWS_BUILD_ROLE_ARN }}
          aws-region: \${{ vars.AWS_BUILD_REGION }}
          allowed-account-ids: \${{ vars.AWS_BUILD_ACCOUNT_ID }}
      - id: ecr
        uses: ${LOGIN}
      - id: push
        name: Push once
        env: { REG: "\${{ steps.ecr.outputs.registry }}", REPO: "\${{ inputs.repository }}", TAG: "sha-\${{ github.sha }}" }
        run: |
          aws ecr batch-get-image --repository-name "$REPO" --image-ids imageTag="$TAG" > tag.json
          docker push "$REG/$REPO:$TAG"
      - uses: ${ATTEST}
        with: { subject-name: "\${{ steps.push.outputs.name }}", subject-digest: "\${{ steps.push.outputs.digest }}" }
`;

const CREDENTIALS = `      - uses: ${AWS}
        with:
          role-to-assume: \${{ vars.AWS_DEPLOY_ROLE_ARN }}
          aws-region: \${{ vars.AWS_REGION }}
          allowed-account-ids: \${{ vars.AWS_ACCOUNT_ID }}
          role-session-name: gha-\${{ github.run_id }}-\${{ github.run_attempt }}
`;

const DEPLOY_JOB = `  deploy:
    name: Deploy
    runs-on: ubuntu-24.04
    environment: { name: "\${{ inputs.environment }}" }
    concurrency: { group: "deploy-\${{ inputs.service }}-\${{ inputs.environment }}", queue: max }
    permissions: { contents: read, id-token: write, actions: read, attestations: read }
    outputs:
      account: \${{ steps.outputs.outputs.account }}
      region: \${{ steps.outputs.outputs.region }}
      cluster: \${{ steps.outputs.outputs.cluster }}
      service: \${{ steps.outputs.outputs.service }}
      settle-role: \${{ steps.outputs.outputs.settle-role }}
      approver: \${{ steps.approver.outputs.login }}
      previous: \${{ steps.before.outputs.td }}
      running: \${{ steps.before.outputs.running }}
      task-definition: \${{ steps.deploy.outputs.task-definition-arn }}
      deployment: \${{ steps.pause.outputs.deployment }}
      hook: \${{ steps.pause.outputs.hook }}
    env:
      ENVIRONMENT: \${{ inputs.environment }}
      CLUSTER: \${{ vars.ECS_CLUSTER }}
      SERVICE: \${{ inputs.service }}
      CONTAINER: \${{ inputs.container }}
      IMAGE: \${{ inputs.image }}
    steps:
      - id: outputs
        env: { ACCOUNT: "\${{ vars.AWS_ACCOUNT_ID }}", REGION: "\${{ vars.AWS_REGION }}", SETTLE_ROLE: "\${{ vars.AWS_SETTLE_ROLE_ARN }}", URL: "\${{ vars.SERVICE_URL }}" }
        run: echo "settle-role=$SETTLE_ROLE" >> "$GITHUB_OUTPUT"
      - id: approver
        name: Name the approver
        run: gh api "$run/approvals" | jq 'contains("via portal, attempt ")'
${CREDENTIALS}      - id: image
        name: Prove the image
        env: { REGISTRY_ACCOUNT: "\${{ vars.AWS_BUILD_ACCOUNT_ID }}", REGISTRY_REGION: "\${{ vars.AWS_BUILD_REGION }}", PROOF: "\${{ vars.IMAGE_PROOF }}" }
        run: docker buildx imagetools inspect "$IMAGE" | jq '.["org.opencontainers.image.revision"]'
      - id: before
        name: Record what is running
        run: aws ecs describe-services | jq '.tags["delivery.platform/verified"]'
      - id: descent
        name: Refuse what does not descend
        env: { PREVIOUS: "\${{ steps.before.outputs.td }}", RUNNING: "\${{ steps.before.outputs.running }}", FIRST: "\${{ steps.before.outputs.first }}", CANDIDATE: "\${{ steps.image.outputs.revision }}" }
        run: gh api "repos/$GITHUB_REPOSITORY/compare/$running...$CANDIDATE"
      - id: render
        uses: ${RENDER}
        with:
          task-definition-arn: \${{ steps.before.outputs.td }}
          container-name: \${{ inputs.container }}
          image: \${{ inputs.image }}
          docker-labels: org.opencontainers.image.revision=\${{ steps.image.outputs.revision }}
      - id: deploy
        name: Deploy
        uses: ${DEPLOY}
        with:
          task-definition: \${{ steps.render.outputs.task-definition }}
          cluster: \${{ vars.ECS_CLUSTER }}
          service: \${{ inputs.service }}
          wait-for-service-stability: \${{ vars.ECS_STRATEGY != 'BLUE_GREEN' }}
      - id: pause
        name: Wait at the test listener
        if: vars.ECS_STRATEGY == 'BLUE_GREEN'
        env: { TASK_DEFINITION: "\${{ steps.deploy.outputs.task-definition-arn }}" }
        run: aws ecs describe-service-deployments --service-deployment-arns "$deployment"
`;

const SETTLE_JOB = `  smoke:
    name: Smoke test
    needs: deploy
    runs-on: ubuntu-24.04
    permissions: { contents: read }
    steps:
      - { id: smoke, name: Smoke test, run: ./scripts/smoke-test.sh }
  settle:
    name: Settle
    needs: [deploy, smoke]
    if: always() && needs.deploy.outputs.previous != ''
    runs-on: ubuntu-24.04
    concurrency: { group: "settle-\${{ inputs.service }}-\${{ inputs.environment }}", queue: max }
    permissions: { id-token: write }
    outputs: { rolled-back: "\${{ steps.rollback.outputs.rolled-back || 'false' }}", result: "\${{ steps.rollback.outputs.result }}" }
    env:
      GOOD: \${{ needs.deploy.result == 'success' && needs.smoke.result == 'success' }}
      ENVIRONMENT: \${{ inputs.environment }}
      CLUSTER: \${{ needs.deploy.outputs.cluster }}
      SERVICE: \${{ needs.deploy.outputs.service }}
      PREVIOUS: \${{ needs.deploy.outputs.previous }}
      RUNNING: \${{ needs.deploy.outputs.running }}
      TASK_DEFINITION: \${{ needs.deploy.outputs.task-definition }}
    steps:
      - uses: ${AWS}
        with:
          role-to-assume: \${{ needs.deploy.outputs.settle-role }}
          aws-region: \${{ needs.deploy.outputs.region }}
          allowed-account-ids: \${{ needs.deploy.outputs.account }}
      - id: continue
        name: Let the traffic go over
        if: env.GOOD == 'true' && needs.deploy.outputs.hook != ''
        env: { DEPLOYMENT: "\${{ needs.deploy.outputs.deployment }}", HOOK: "\${{ needs.deploy.outputs.hook }}" }
        run: aws ecs continue-service-deployment --service-deployment-arn "$DEPLOYMENT"
      - id: record
        name: Record the verified revision
        if: env.GOOD == 'true'
        run: aws ecs tag-resource --resource-arn "$arn"
      - id: parameter
        name: Tell the infrastructure
        if: env.GOOD == 'true'
        env: { PARAMETER: "/\${{ inputs.service }}/\${{ inputs.environment }}/image", IMAGE: "\${{ inputs.image }}" }
        run: aws ssm put-parameter --name "$PARAMETER" --value "$IMAGE"
      - id: rollback
        name: Roll back
        if: always() && steps.record.outcome != 'success' && needs.deploy.outputs.task-definition != ''
        run: aws ecs stop-service-deployment --service-deployment-arn "$deployment"
      - id: proof
        name: Prove what runs
        if: always() && steps.rollback.outputs.rolled-back == 'true'
        run: '[ "$primary" = "$RUNNING" ]'
`;

const DEPLOY_FILE = `name: ecs-deploy
on:
  workflow_call:
    inputs:
      environment: { type: string, required: true }
      image: { type: string, required: true }
      container: { type: string, required: true }
      service: { type: string, required: true }
permissions: {}
jobs:
${DEPLOY_JOB}${SETTLE_JOB}`;

const INPUTS = [
  'service',
  'kind',
  'entity',
  'repository',
  'repository-id',
  'owner-id',
  'subject',
  'environments',
  'workflows-repository',
  'workflows-sha',
];

const ONBOARD = `name: Onboard
on:
  workflow_dispatch:
    inputs:
${INPUTS.map(name => `      ${name}: { type: string, required: true }`).join(
  '\n',
)}
jobs:
  onboard:
    runs-on: ubuntu-24.04
    steps:
      - id: onboard
        name: Onboard
        run: aws cloudformation deploy --stack-name "$stack"
`;

const folder = '.github/workflows';

/** Workflows of the platform in the shape of those that services are given: a build, five jobs that deploy, onboarding. */
export const PLATFORM_FILES: Record<string, string> = {
  [`${folder}/ecs-build.yml`]: BUILD,
  [`${folder}/ecs-deploy.yml`]: DEPLOY_FILE,
  [`${folder}/onboard-service.yml`]: ONBOARD,
};

/** The pipeline of a service that calls them at a commit. */
export const pipeline = (service: string, sha: string): string => {
  const call = (file: string) =>
    `acme/platform-workflows/${folder}/${file}@${sha}`;
  const deploy = (environment: string, needs: string) => `
  deploy-${environment}:
    needs: [${needs}]
    permissions: { contents: read, id-token: write, actions: read, attestations: read }
    uses: ${call('ecs-deploy.yml')}
    with:
      environment: ${environment}
      image: \${{ needs.build.outputs.image }}
      service: ${service}
      container: ${service}`;
  return `name: Pipeline
on: [push, pull_request]
permissions: {}
jobs:
  build:
    permissions: { contents: read, id-token: write, attestations: write }
    uses: ${call('ecs-build.yml')}
    with: { repository: ${service} }${deploy('staging', 'build')}${deploy(
    'production',
    'build, deploy-staging',
  )}
`;
};
