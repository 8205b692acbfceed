import type { ConformanceEnvironment, ConformanceFacts } from './facts';

export const SHA = 'a'.repeat(40);
export const CALLED = `acme/platform/.github/workflows/ecs-deploy.yml@${SHA}`;

/** A pipeline that holds every rule. */
export const PIPELINE = `
name: pipeline
on:
  push: { branches: [main] }
  pull_request:
permissions: {}
jobs:
  unit:
    runs-on: ubuntu-24.04
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@${SHA} # v7.0.1
  image:
    needs: unit
    if: github.event_name == 'push'
    runs-on: ubuntu-24.04
    permissions: { contents: read, id-token: write }
    steps:
      - uses: docker/build-push-action@${SHA} # v7.3.0
        with: { load: true, file: Dockerfile }
      - uses: aquasecurity/trivy-action@${SHA} # v0.36.0
        with: { image-ref: 'candidate:local', exit-code: '1' }
      - uses: aws-actions/configure-aws-credentials@${SHA} # v6.2.3
        with: { role-to-assume: 'arn:aws:iam::1:role/x' }
      - run: docker push "$REG/api:sha"
  deploy-production:
    needs: image
    if: github.event_name == 'push'
    permissions: { contents: read, id-token: write, actions: read }
    uses: ${CALLED} # v2.0.0
    with: { environment: production }
`;

/** What it calls. */
export const DEPLOY = `
on:
  workflow_call:
    inputs:
      environment: { type: string, required: true }
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: { name: '\${{ inputs.environment }}' }
    concurrency: { group: 'deploy-\${{ inputs.environment }}', cancel-in-progress: false }
    permissions: { contents: read, id-token: write, actions: read }
    steps:
      - id: approver
        run: gh api "repos/$R/actions/runs/$ID/approvals" > approvals.json
      - uses: aws-actions/configure-aws-credentials@${SHA} # v6.2.3
        with: { role-to-assume: '\${{ vars.ROLE }}' }
      - uses: aws-actions/amazon-ecs-deploy-task-definition@${SHA} # v2.6.3
  settle:
    needs: deploy
    if: always() && needs.deploy.result != 'skipped'
    runs-on: ubuntu-24.04
    permissions: { id-token: write }
    steps:
      - name: Roll back
        run: aws ecs update-service --task-definition "$PREVIOUS"
`;

export const PRODUCTION: ConformanceEnvironment = {
  ...{ name: 'production', reviewers: 1, preventSelfReview: true },
  ...{ adminsBypass: false, branches: ['main'] },
};

/** Facts of a service that holds every rule, with other parts. */
export function facts(over: Partial<ConformanceFacts> = {}): ConformanceFacts {
  return {
    workflows: [{ path: '.github/workflows/pipeline.yml', text: PIPELINE }],
    called: { [CALLED]: DEPLOY },
    environments: [PRODUCTION],
    template: 'node-ecs-service@1.0.0',
    newest: {
      templates: { 'node-ecs-service': '1.0.0' },
      workflows: { repository: 'acme/platform', version: 'v2.0.0' },
    },
    ...over,
  };
}

/** The same with one text in the place of another; the text has to be there. */
export function changed(
  from: string,
  to: string,
  where: 'pipeline' | 'deploy' = 'pipeline',
): ConformanceFacts {
  const text = where === 'pipeline' ? PIPELINE : DEPLOY;
  if (!text.includes(from)) throw new Error(`There is no "${from}".`);
  const next = text.replace(from, to);
  return where === 'pipeline'
    ? facts({
        workflows: [{ path: '.github/workflows/pipeline.yml', text: next }],
      })
    : facts({ called: { [CALLED]: next } });
}
