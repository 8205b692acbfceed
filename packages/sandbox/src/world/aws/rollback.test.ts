import { deployWorld } from '../testUtils/deployWorld';
import type { RunRecord } from '../../state';

type World = Awaited<ReturnType<typeof deployWorld>>;

const API = 'vaultex-api';
const REVISION = 'org.opencontainers.image.revision';
const last = (run: RunRecord) => run.attempts[run.attempts.length - 1];

describe('rollback.yml', () => {
  let world: World;

  beforeAll(async () => {
    world = await deployWorld();
  }, 60_000);
  afterAll(() => world?.close());

  const rollBack = (
    slug: string,
    inputs: Record<string, string>,
    actor = 'ravi',
  ) => {
    const [owner, name] = slug.split('/');
    const repo = world.state.repo(owner, name);
    const workflow = [...world.state.workflows.values()].find(
      item => item.repoId === repo?.id && item.path.endsWith('/rollback.yml'),
    );
    if (!repo || !workflow) throw new Error(`no rollback.yml in ${slug}`);
    const ref = repo.defaultBranch;
    return world.engine.dispatch(repo, workflow, { ref, inputs, actor });
  };

  /** What runs, then one more deployment of the component; gives what there was before. */
  async function deployed(component: string) {
    const before = world.running(component, 'production');
    const run = await world.push(component);
    world.deploy(run);
    expect(last(run).conclusion).toBe('success');
    expect(world.running(component, 'production').digest).not.toBe(
      before.digest,
    );
    return before;
  }
  const inputsOf = (
    component: string,
    target: Awaited<ReturnType<typeof deployed>>,
  ) => ({
    environment: 'production',
    service: component,
    commit: target.definition.containers[0].labels[REVISION],
    image: target.definition.containers[0].image,
    'task-definition': target.taskDefinition,
    reason: 'Payments are slow',
  });

  it('waits for a reviewer, then ECS runs the old task definition again', async () => {
    const target = await deployed(API);
    const now = world.running(API, 'production').taskDefinition;
    const inputs = inputsOf(API, target);
    const run = await rollBack('vaultex/vaultex', inputs);
    world.clock.runAll();
    expect(run).toMatchObject({
      event: 'workflow_dispatch',
      name: 'Roll back',
      displayTitle: `Roll back ${API} in production to ${inputs.commit}`,
      actor: 'ravi',
    });
    expect(last(run).status).toBe('waiting');
    const [{ environment }] = world.engine.pending(run);
    expect(environment.name).toBe('production');
    const job = world.job(run, 'production');
    expect(world.state.deployments.get(job.deploymentId ?? 0)).toMatchObject({
      environment: 'production',
      runId: run.id,
    });
    expect(world.running(API, 'production').taskDefinition).toBe(now);
    // who asked for it cannot let it through
    expect(() =>
      world.engine.review(run, {
        environmentIds: [environment.id],
        state: 'approved',
        comment: '',
        actor: 'ravi',
      }),
    ).toThrow(expect.objectContaining({ status: 422 }));

    world.approve(run);
    world.clock.runAll();
    expect(last(run).conclusion).toBe('success');
    const after = world.running(API, 'production');
    expect(after).toMatchObject({
      taskDefinition: target.taskDefinition,
      digest: target.digest,
    });
    expect(world.deployments(API, 'production').at(-1)).toMatchObject({
      status: 'SUCCESSFUL',
      requestedBy: `arn:aws:sts::444444444444:assumed-role/vaultex-deploy/gha-${run.id}-1`,
    });
    expect(world.step(run, 'production', 'Prove what runs').conclusion).toBe(
      'success',
    );
    expect(
      world.step(run, 'production', 'Return to what ran before').conclusion,
    ).toBe('skipped');
    const { statuses } = world.state.deployments.get(job.deploymentId ?? 0) ?? {
      statuses: [],
    };
    expect(statuses.at(-1)?.state).toBe('success');
  });

  it('returns to what ran before when the smoke test fails', async () => {
    const target = await deployed(API);
    const now = world.running(API, 'production').taskDefinition;
    const repo = world.state.repo('vaultex', 'vaultex');
    if (!repo) throw new Error('no vaultex');
    world.engine.failStep(repo, {
      workflows: ['rollback.yml'],
      environment: 'production',
      step: 'smoke',
    });
    const run = await rollBack('vaultex/vaultex', inputsOf(API, target));
    world.deploy(run);
    expect(last(run).conclusion).toBe('failure');
    const results = ['Go back', 'Smoke test', 'Return to what ran before'].map(
      name => world.step(run, 'production', name).conclusion,
    );
    expect(results).toEqual(['success', 'failure', 'success']);
    expect(world.running(API, 'production').taskDefinition).toBe(now);
  });

  it('is red when ECS itself gives up on it, though the waiter is content', async () => {
    const target = await deployed(API);
    const now = world.running(API, 'production').taskDefinition;
    world.cloud.spoilNext(world.place(API, 'production'), 'crash');
    const run = await rollBack('vaultex/vaultex', inputsOf(API, target));
    world.deploy(run);
    expect(last(run).conclusion).toBe('failure');
    const results = ['Go back', 'Prove what runs', 'Smoke test'].map(
      name => world.step(run, 'production', name).conclusion,
    );
    expect(results).toEqual(['success', 'failure', 'skipped']);
    expect(world.running(API, 'production').taskDefinition).toBe(now);
  });

  it.each([
    ['a task definition nobody registered', { 'task-definition': 'x:9' }],
    [
      'a task definition of another account',
      {
        'task-definition':
          'arn:aws:ecs:eu-west-1:333333333333:task-definition/vaultex-api:1',
      },
    ],
    [
      'a task definition of another service',
      { 'task-definition': 'vaultex-ledger:1' },
    ],
    ['another image', { image: `x/y@sha256:${'0'.repeat(64)}` }],
  ])('changes nothing for %s', async (_what, wrong) => {
    const target = world.running(API, 'production');
    const count = world.deployments(API, 'production').length;
    const run = await rollBack('vaultex/vaultex', {
      ...inputsOf(API, target),
      ...wrong,
    });
    world.deploy(run);
    expect(last(run).conclusion).toBe('failure');
    expect(
      world.step(run, 'production', 'Check where it goes').conclusion,
    ).toBe('failure');
    expect(world.deployments(API, 'production')).toHaveLength(count);
  });

  it('goes on without a reviewer where there is none, by family and revision', async () => {
    const component = 'order-processing';
    const before = world.running(component, 'qa');
    const push = await world.push(component);
    world.clock.runAll();
    expect(world.running(component, 'qa').digest).not.toBe(before.digest);
    const { family, revision } = before.definition;
    const run = await rollBack('flexi/order-processing', {
      environment: 'qa',
      service: component,
      'task-definition': `${family}:${revision}`,
      reason: 'Orders are lost',
    });
    world.clock.runAll();
    expect(last(run).conclusion).toBe('success');
    const after = world.running(component, 'qa');
    expect(after.digest).toBe(before.digest);
    expect(after.service.accountId).toBe('222222222222');
    expect(world.job(run, 'qa').deploymentId).not.toBeNull();
    world.engine.cancel(push, 'dana');
    world.clock.runAll();
  });

  it('waits behind a deployment of the same service and environment', async () => {
    const target = world.running(API, 'production');
    const push = await world.push(API);
    world.clock.runAll();
    expect(last(push).status).toBe('waiting');
    const run = await rollBack('vaultex/vaultex', inputsOf(API, target));
    world.clock.runAll();
    expect(last(run).status).toBe('pending');
    world.engine.cancel(push, 'dana');
    world.clock.runAll();
    expect(last(run).status).toBe('waiting');
    world.engine.cancel(run, 'ravi');
    world.clock.runAll();
    expect(world.engine.pending(run)).toEqual([]);
  });

  it('is started by people only, and asks for what it needs', async () => {
    const run = await world.push('vaultex-ledger');
    const names = [...world.state.runs.values()]
      .filter(({ headSha }) => headSha === run.headSha)
      .map(({ name }) => name);
    expect(names).toEqual([run.name]);
    const inputs = {
      environment: 'production',
      service: API,
      'task-definition': 'vaultex-api:1',
      reason: 'x',
    };
    for (const name of Object.keys(inputs)) {
      const { [name as 'reason']: _left, ...rest } = inputs;
      await expect(rollBack('vaultex/vaultex', rest)).rejects.toMatchObject({
        status: 422,
        message: `Required input '${name}' not provided`,
      });
    }
    await expect(
      rollBack('vaultex/vaultex', { ...inputs, service: 'billing' }),
    ).rejects.toThrow(/not in the list of allowed values/);
    for (const slug of ['eventflow/eventflow', 'acme/legacy-billing']) {
      await expect((async () => rollBack(slug, inputs))()).rejects.toThrow(
        /no rollback.yml/,
      );
    }
  });
});
