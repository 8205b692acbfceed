import type { RepoRecord, RunRecord } from '../../state';
import { last } from '../testUtils/memoryWorld';
import { PLATFORM_FILES } from '../testUtils/platformFiles';
import { ACCOUNTS, provenWorld, REGION } from '../testUtils/provenWorld';

type World = Awaited<ReturnType<typeof provenWorld>>;
type Kind = 'worker-cdk-service' | 'terraform-bluegreen-service';

const AWS =
  'aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c';

const credentials = (role: string) => `      - uses: ${AWS}
        with:
          role-to-assume: ${role}
          aws-region: ${REGION}
          allowed-account-ids: '${ACCOUNTS.production}'
`;

const arn = (role: string) =>
  `arn:aws:iam::${ACCOUNTS.production}:role/shop-${role}-production`;

const infra = credentials('${{ vars.AWS_INFRA_ROLE_ARN }}');

/** `sum`: what the executing job is told. */
const cdk = (
  role = 'changeset',
  sum = '${{ needs.plan.outputs.sum }}',
) => `on: { push: { branches: [main] } }
permissions: {}
jobs:
  plan:
    runs-on: ubuntu-24.04
    permissions: { id-token: write }
    outputs: { change-set: "\${{ steps.prepare.outputs.change-set }}", sum: "\${{ steps.prepare.outputs.sum }}" }
    env: { STACK: shop-production, CHANGE_SET: "gha-\${{ github.run_id }}" }
    steps:
${credentials(arn(role))}      - id: prepare
        run: ./scripts/prepare-change-set.sh "$STACK" "$CHANGE_SET" template.json role
  stack:
    needs: plan
    if: needs.plan.outputs.change-set != ''
    runs-on: ubuntu-24.04
    environment: infra-production
    permissions: { id-token: write, actions: read }
    env: { ENVIRONMENT: infra-production, STACK: shop-production, CHANGE_SET: "\${{ needs.plan.outputs.change-set }}" }
    steps:
      - id: approver
        run: jq 'contains("via portal, attempt ")' approvals.json
${infra}      - id: check
        env: { SUM: "${sum}" }
        run: ./scripts/check-change-set.sh "$STACK" "$CHANGE_SET" "$SUM"
      - id: stack
        env: { WAITER: "\${{ steps.check.outputs.waiter }}" }
        run: aws cloudformation execute-change-set --change-set-name "$CHANGE_SET"
      - name: waits for \${{ steps.check.outputs.waiter }}
        run: 'true'
`;

const terraform = `on: { push: { branches: [main] } }
permissions: {}
jobs:
  plan:
    runs-on: ubuntu-24.04
    permissions: { id-token: write }
    outputs: { changes: "\${{ steps.plan.outputs.changes }}", sha256: "\${{ steps.plan.outputs.sha256 }}", key: "\${{ steps.plan.outputs.key }}" }
    steps:
${credentials(arn('plan'))}      - id: plan
        env: { BUCKET: state, KEY: "plans/\${{ github.run_id }}" }
        run: terraform plan -out=saved.tfplan
  apply:
    needs: plan
    if: needs.plan.outputs.changes == 'true'
    runs-on: ubuntu-24.04
    environment: infra-production
    permissions: { id-token: write, actions: read }
    steps:
      - id: approver
        run: ./scripts/require-approval.sh infra-production
${infra}      - id: apply
        env: { BUCKET: state, KEY: "\${{ needs.plan.outputs.key }}", SHA256: "\${{ needs.plan.outputs.sha256 }}" }
        run: terraform apply saved.tfplan
`;

describe('infrastructure of a service on main', () => {
  let world: World;
  let repo: RepoRecord;

  /** Onboards a service and pushes its workflow; the run waits for an approval or has ended. */
  async function pushed(kind: Kind, workflow: string): Promise<RunRecord> {
    world = await provenWorld(PLATFORM_FILES);
    repo = world.createRepo('shop');
    const production = repo.environments.find(
      ({ name }) => name === 'production',
    );
    if (!production) throw new Error('no production');
    repo.environments.push({
      ...production,
      id: 910,
      name: 'infra-production',
      variables: { AWS_INFRA_ROLE_ARN: arn('infra') },
    });
    await world.onboard(world.inputsOf(repo, kind));
    const name =
      kind === 'worker-cdk-service' ? 'infra-deploy.yml' : 'infra.yml';
    const files = { [`.github/workflows/${name}`]: workflow };
    const [run] = await world.push(repo, world.commit(repo, files));
    world.clock.runAll();
    return run;
  }
  const log = (run: RunRecord, key: string) =>
    world.engine.log(world.job(run, key));

  it('executes the change set that was approved, with the waiter it needs', async () => {
    const run = await pushed('worker-cdk-service', cdk());
    expect(last(run).status).toBe('waiting');
    world.approve(run);
    expect(last(run).conclusion).toBe('success');
    expect(world.job(run, 'stack').steps.map(({ name }) => name)).toContain(
      'waits for stack-update-complete',
    );
    const acts = world.cloud.records.sessions
      .flatMap(({ roleName, acts: done = [] }) =>
        done.map(({ operation }) => [roleName, operation]),
      )
      .filter(([, operation]) => operation.startsWith('cloudformation'));
    expect(acts).toEqual([
      ['shop-changeset-production', 'cloudformation:CreateChangeSet'],
      ['shop-infra-production', 'cloudformation:ExecuteChangeSet'],
    ]);
  });

  it('executes no other change set', async () => {
    const run = await pushed(
      'worker-cdk-service',
      cdk('changeset', 'a'.repeat(64)),
    );
    world.approve(run);
    expect(last(run).conclusion).toBe('failure');
    expect(log(run, 'stack')).toContain(
      'The change set is not what was approved.',
    );
  });

  it("gives main no change sets by the role that reads for a worker's pull requests", async () => {
    const run = await pushed('worker-cdk-service', cdk('plan'));
    expect(last(run).conclusion).toBe('failure');
    expect(log(run, 'plan')).toContain(
      'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    );
  });

  it('applies the plan that was approved', async () => {
    const run = await pushed('terraform-bluegreen-service', terraform);
    expect(last(run).status).toBe('waiting');
    world.approve(run);
    expect(last(run).conclusion).toBe('success');
    expect(log(run, 'apply')).toContain('Approved by cleo.');
    expect(log(run, 'apply')).toContain('Apply complete!');
  });

  it('applies no other plan', async () => {
    const run = await pushed(
      'terraform-bluegreen-service',
      terraform.replace('"${{ needs.plan.outputs.sha256 }}"', 'other'),
    );
    world.approve(run);
    expect(last(run).conclusion).toBe('failure');
    expect(log(run, 'apply')).toContain('saved.tfplan: FAILED');
  });
});
