import { VendorSilence } from 'backstage-plugin-delivery-node';
import type { DispatchBody } from 'backstage-plugin-delivery-common';
import { CLEO } from './__testUtils__/FakeVendor';
import {
  type ActWorld,
  cleo,
  component,
  makeActWorld,
  person,
  REF,
  tokenOf,
} from './__testUtils__/makeActWorld';

const { signal } = new AbortController();
let world: ActWorld;
let clicks = 0;

async function makeWorld(options?: Parameters<typeof makeActWorld>[0]) {
  world = await makeActWorld(options);
  world.vendor.run = {
    ...world.vendor.run,
    ...{ waiting: false, status: 'completed', conclusion: 'failure' },
    pendingDeployments: [],
  };
}
beforeEach(() => makeWorld());

const key = () => ({ idempotencyKey: `click-${clicks++}-0000000000` });

async function ended({ operationId }: { operationId: string }) {
  await world.runner.idle();
  const row = await world.approvals.operation(operationId);
  if (!row) throw new Error('There is no operation');
  return row;
}

async function dispatch(more: Partial<DispatchBody> = {}) {
  return ended(
    await world.runActs.dispatch(
      cleo,
      REF,
      {
        ...key(),
        pipeline: 'github_com/1/7',
        ref: 'main',
        inputs: {},
        ...more,
      },
      tokenOf('cleo'),
    ),
  );
}

const sends = () =>
  world.vendor.calls.filter(call => /^(rerun|cancel|dispatch)/.test(call));

/** The gate of production holds nobody back who starts a run. */
function unheld() {
  const gate = world.vendor.environments.production;
  if (gate) gate.preventSelfReview = false;
}

describe('RunActs.dispatch', () => {
  const INPUTS = `
on:
  workflow_dispatch:
    inputs:
      where: { type: choice, options: [staging, production], required: true }
      dry: { type: boolean, default: true }
      note: {}
jobs: { deploy: { environment: "\${{ inputs.where }}" } }`;

  it('starts the workflow and remembers who asked', async () => {
    world.vendor.dispatched = { runKey: 'github_com.77', url: 'https://x' };
    await expect(dispatch()).resolves.toMatchObject({
      state: 'succeeded',
      outcome: { code: 'dispatched', runId: 'github_com.77' },
    });
    expect(sends()).toEqual(['dispatch deploy.yml main {}']);
    await expect(world.approvals.requests('github_com.77')).resolves.toEqual([
      { userRef: 'user:default/cleo', accountId: CLEO.id, attempt: 1 },
    ]);
  });

  it('checks the inputs by the file at the branch that is started', async () => {
    world.vendor.file = INPUTS;
    const inputs = { where: 'staging', note: '' };
    await expect(dispatch({ ref: 'feature', inputs })).resolves.toMatchObject({
      state: 'succeeded',
    });
    expect(world.vendor.calls).toContain(
      'readWorkflowFile .github/workflows/deploy.yml feature',
    );
    expect(sends()).toEqual([
      'dispatch deploy.yml feature {"where":"staging"}',
    ]);
  });

  it.each([
    ['unknown_input', { where: 'staging', constructor: 'x' }],
    ['missing_input', {}],
    ['missing_input', { where: '' }],
    ['invalid_input', { where: 'moon' }],
    ['invalid_input', { where: 'staging', dry: 'perhaps' }],
  ])('%s is refused before anything is sent', async (code, inputs) => {
    world.vendor.file = INPUTS;
    await expect(dispatch({ inputs })).resolves.toMatchObject({
      state: 'refused',
      outcome: { code },
    });
    expect(sends()).toEqual([]);
  });

  it.each([
    ['not_dispatchable', 'on: push\njobs: { build: {} }'],
    ['workflow_no_jobs', 'on: workflow_dispatch\njobs: {}'],
    ['workflow_invalid_yaml', '"'],
  ])('%s is refused', async (code, file) => {
    world.vendor.file = file;
    await expect(dispatch()).resolves.toMatchObject({
      state: 'refused',
      outcome: { code },
    });
  });

  it('into production that no gate holds needs the glass to be broken, whoever starts it', async () => {
    world.vendor.file = INPUTS;
    unheld();
    const inputs = { where: 'production' };
    await expect(dispatch({ inputs })).resolves.toMatchObject({
      state: 'refused',
      outcome: { code: 'self_review' },
    });
    expect(sends()).toEqual([]);
    await expect(
      dispatch({ inputs, breakGlass: true, comment: 'Production is down' }),
    ).resolves.toMatchObject({ state: 'succeeded' });
    await expect(world.approvals.findings()).resolves.toHaveLength(1);
  });

  it.each([
    ['pipeline_not_found', { pipeline: 'github_com/1/8' }],
    ['ref_invalid', { ref: '-x' }],
    ['ref_invalid', { ref: 'a..b' }],
    ['ref_invalid', { ref: 'a b' }],
    ['ref_invalid', { ref: 'main\n' }],
  ])('%s: %o', async (code, more) => {
    await expect(dispatch(more)).rejects.toMatchObject({ code });
    expect(world.audit.phases()).toEqual([`dispatch refused ${code}`]);
    expect(world.vendor.calls).toEqual([]);
  });

  it('takes no pipeline that is another service’s', async () => {
    const entity = component();
    Object.assign(entity.metadata.annotations ?? {}, {
      'github.com/workflows': 'other.yml',
    });
    await makeWorld({ entities: [entity, person('cleo')] });
    await expect(dispatch()).rejects.toMatchObject({
      code: 'pipeline_not_found',
    });
  });

  it('is settled by the one run that fits', async () => {
    world.vendor.onSend = async () => {
      throw new VendorSilence('502');
    };
    const { id } = await dispatch();
    world.later(11 * 60_000);
    world.store.listRuns.mockResolvedValue([
      {
        ...world.run,
        runKey: 'github_com.78',
        event: 'workflow_dispatch',
        createdAt: world.now() - 11 * 60_000,
      },
    ]);
    await expect(world.operations.settle(signal)).resolves.toBe(1);
    expect(world.store.listRuns).toHaveBeenCalledWith(
      expect.objectContaining({
        filter: {
          pipelineKey: 'github_com/1/7',
          branch: 'main',
          actor: 'cleo',
        },
      }),
    );
    await expect(world.approvals.operation(id)).resolves.toMatchObject({
      state: 'succeeded',
      outcome: { code: 'dispatched', runId: 'github_com.78' },
    });
  });
});
