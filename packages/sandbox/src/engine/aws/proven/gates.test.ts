import type { RunRecord } from '../../../state';
import { createdService } from '../../testUtils/createdService';
import { last } from '../../testUtils/memoryWorld';
import { ACCOUNTS } from '../../testUtils/provenWorld';

type World = Awaited<ReturnType<typeof createdService>>;

const REFUSED =
  'Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity';

/** Somebody approves as GitHub would record it, whatever its gate says. */
function approveAs(world: World, run: RunRecord, user: string, comment = 'Go') {
  run.reviews.push({
    environmentIds: [901],
    state: 'approved',
    comment,
    user,
    at: world.clock.now(),
    attempt: run.attempts.length,
  });
}

describe('what a deployment asks for', () => {
  let world: World;
  beforeEach(async () => {
    world = await createdService();
  });

  const productionError = (run: RunRecord) =>
    world.log(run, 'production/deploy').match(/##\[error\](.*)/)?.[1];

  it('a person who did not start the run', async () => {
    const run = await world.push();
    world.clock.runAll();
    approveAs(world, run, 'dana');
    world.approve(run);
    expect(productionError(run)).toMatch(
      /production was approved by dana, who started an attempt of this run/,
    );
    expect(last(run).conclusion).toBe('failure');
  });

  it('of a later attempt an approval with the reference of the portal', async () => {
    const run = await world.push();
    world.clock.runAll();
    world.engine.failStep(world.repo, {
      environment: 'production',
      step: 'smoke',
    });
    world.approve(run);
    const again = async (comment: string) => {
      await world.engine.rerun(run, { failedOnly: false, actor: 'ravi' });
      world.clock.runAll();
      world.approve(run, comment);
    };
    await again('Go on');
    expect(productionError(run)).toMatch(
      /No approval of production for attempt 2 carries the portal's reference/,
    );
    await again('Yes — user:default/cleo via portal, attempt 3, ref 7-7-7');
    expect(last(run).conclusion).toBe('success');
    expect(world.job(run, 'production/deploy').outputs.approver).toBe('cleo');
  });

  it('an image that its own build has proven', async () => {
    const run = await world.push();
    const { clock, cloud } = world;
    while (
      !cloud.records.images.some(
        ({ labels, proofs }) =>
          labels?.['org.opencontainers.image.revision'] === run.headSha &&
          proofs,
      )
    ) {
      clock.advanceTo(clock.nextAt());
    }
    const image = cloud.records.images.at(-1);
    if (image) image.proofs = ['attestation 12345'];
    clock.runAll();
    expect(last(run).conclusion).toBe('failure');
    expect(world.log(run, 'staging/deploy')).toContain(
      'The image carries no attestation for acme/shop',
    );
  });

  it('a token: a job without one has no credentials, and nothing after it has any', async () => {
    const sha = world.commit(world.repo, {
      '.github/workflows/own.yml': `name: Own
on: push
permissions: { contents: read }
jobs:
  bare:
    runs-on: ubuntu-24.04
    environment: staging
    steps:
      - uses: aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c
        continue-on-error: true
        with: { role-to-assume: "\${{ vars.AWS_DEPLOY_ROLE_ARN }}", aws-region: eu-west-1 }
      - run: aws ecs update-service --cluster main --service shop --force-new-deployment
  token:
    runs-on: ubuntu-24.04
    environment: staging
    permissions: { id-token: write }
    steps:
      - uses: aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c
        with: { role-to-assume: "\${{ vars.AWS_DEPLOY_ROLE_ARN }}", aws-region: eu-west-1 }
`,
    });
    const runs = await world.pushCommit(world.repo, sha);
    world.clock.runAll();
    const own = runs.find(({ name }) => name === 'Own');
    if (!own) throw new Error('own.yml did not start');
    expect(world.log(own, 'bare')).toContain('Unable to locate credentials');
    expect(world.log(own, 'bare')).toContain('`id-token` permission');
    // the token is genuine, but the workflow is not the one the role trusts
    expect(world.log(own, 'token')).toContain(REFUSED);
  });

  it('no pull request: its build gets no role', async () => {
    const { repo, state, clock, engine } = world;
    const id = state.nextId();
    const pull = {
      id,
      nodeId: `PR_${id}`,
      repoId: repo.id,
      number: 1,
      title: 'Change',
      author: 'ravi',
      headBranch: 'main',
      headSha: world.first.headSha,
      baseBranch: 'main',
      state: 'open' as const,
      mergedAt: null,
      mergeSha: null,
      mergedBy: null,
      createdAt: clock.now(),
      updatedAt: clock.now(),
    };
    state.pulls.set(id, pull);
    const [run] = await engine.pullRequest(repo, pull, 'opened', 'ravi');
    clock.runAll();
    expect(world.log(run, 'build/build')).toContain(REFUSED);
    expect(last(run).conclusion).toBe('failure');
  });

  it('the account that was meant', async () => {
    const { variables } = world.repo.environments[0];
    if (variables) variables.AWS_ACCOUNT_ID = ACCOUNTS.production;
    const run = await world.push();
    world.clock.runAll();
    expect(world.log(run, 'staging/deploy')).toContain(
      `The account ID of the provided credentials (${ACCOUNTS.staging}) does not match any of the expected account IDs: ${ACCOUNTS.production}`,
    );
  });
});

describe('a blue/green deployment', () => {
  it('waits at the test listener, then its settling lets the traffic go over', async () => {
    const world = await createdService('BLUE_GREEN');
    const { first } = world;
    expect(last(first).conclusion).toBe('success');
    const { hook } = world.job(first, 'production/deploy').outputs;
    const deployment = world.cloud.records.deployments.findLast(
      ({ accountId }) => accountId === ACCOUNTS.production,
    );
    expect(deployment).toMatchObject({
      status: 'SUCCESSFUL',
      hook: { id: hook, status: 'SUCCEEDED' },
    });
    const acts = world.cloud.records.sessions
      .find(({ roleName }) => roleName === 'shop-settle-production')
      ?.acts?.map(({ operation }) => operation);
    expect(acts).toEqual([
      'ecs:ContinueServiceDeployment',
      'ecs:TagResource',
      'ssm:PutParameter',
    ]);
  });

  it('never takes production when the smoke test at the listener fails', async () => {
    const world = await createdService('BLUE_GREEN');
    const before = world.service('shop', 'production');
    const { taskDefinition, activeRevision } = before;
    world.engine.failStep(world.repo, {
      environment: 'production',
      step: 'smoke',
    });
    const run = await world.push();
    world.clock.runAll();
    world.approve(run);
    expect(last(run).conclusion).toBe('failure');
    expect(world.job(run, 'production/settle').outputs.result).toBe(
      'rolled-back',
    );
    const { deployment } = world.job(run, 'production/deploy').outputs;
    expect(
      world.cloud.records.deployments.find(({ arn }) => arn === deployment),
    ).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', productionWeight: 0 });
    expect(world.service('shop', 'production')).toMatchObject({
      taskDefinition,
      activeRevision,
    });
  });
});
