import { VendorRefusal, VendorSilence } from 'backstage-plugin-delivery-node';
import { failureOf, RollbackWorld } from './__testUtils__/RollbackWorld';
import {
  deploymentFact,
  deploymentKey,
  primary,
  RUNTIME_KEY,
  service,
  sha,
  taskDefinition,
} from './__testUtils__/shop';

let world: RollbackWorld;
beforeEach(() => {
  world = new RollbackWorld();
});

const emergency = { way: 'emergency' } as const;
const person = {
  userRef: 'user:default/cleo',
  operationId: '11111111-2222-3333-4444-555555555555',
};

/** Version 3 is rolling out; 2 ran before. */
function rollingOut(paused = false) {
  const hook = { id: 'h', type: 'PAUSE', state: 'AWAITING_ACTION' };
  world.deployments = [
    deploymentFact(3, { status: 'in_progress', hooks: paused ? [hook] : [] }),
    ...[deploymentFact(2), deploymentFact(1)],
  ];
  world.service = service(3, { deployments: [primary(3, 'in_progress')] });
  world.stored = world.service;
}

function becomes(status: 'rolling_back' | 'rolled_back' | 'succeeded') {
  world.deployments = world.deployments.map((fact, at) =>
    at === 0 ? { ...fact, status, hooks: [] } : fact,
  );
  if (status === 'rolled_back') world.service = service(2);
}

describe('a deployment under way', () => {
  it('is stopped and rolled back', async () => {
    rollingOut();
    world.onWrite = () => becomes('rolled_back');
    expect(await world.act({}, undefined)).toMatchObject({
      code: 'rolled_back',
      message: expect.stringContaining(sha(2).slice(0, 7)),
    });
    expect(world.steps).toEqual(['fresh_read', 'checks', 'sent', 'confirmed']);
    expect(world.written).toEqual([
      { act: 'stop', args: [deploymentKey(3), person] },
    ]);
    expect(world.told).toContain(`acted ${RUNTIME_KEY}`);
    expect(world.findings).toEqual([]);
  });

  it('that is paused goes on by rolling back', async () => {
    rollingOut(true);
    world.onWrite = () => becomes('rolled_back');
    expect(await world.act({}, undefined)).toMatchObject({
      code: 'rolled_back',
    });
    expect(world.written[0].act).toBe('continue');
  });

  it('that still moves after a minute is said to roll back', async () => {
    rollingOut();
    world.onWrite = () => becomes('rolling_back');
    expect(await world.act({}, undefined)).toMatchObject({
      code: 'rollback_started',
    });
    expect(world.pauses.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
  });

  it('that says it is back while another version serves is not believed', async () => {
    rollingOut();
    world.onWrite = () => {
      becomes('rolled_back');
      world.service = service(3);
    };
    expect(await world.act({}, undefined)).toMatchObject({
      code: 'rollback_started',
    });
  });

  it('that ended first was not rolled back', async () => {
    rollingOut();
    world.onWrite = () => becomes('succeeded');
    expect(await failureOf(world.act({}, undefined))).toMatchObject({
      ...{ kind: 'VendorRefusal', code: 'conflict' },
    });
  });

  it('that does not move at all: nobody knows', async () => {
    rollingOut();
    expect(await failureOf(world.act({}, undefined))).toMatchObject({
      kind: 'VendorSilence',
    });
    expect(world.written).toHaveLength(1);
  });

  it('of production is stopped only by somebody who may decide', async () => {
    rollingOut();
    world.permissions = ['delivery.deployment.rollback', 'delivery.breakglass'];
    expect(await failureOf(world.act({}, undefined))).toMatchObject({
      ...{ kind: 'refused', code: 'permission_missing' },
      message: expect.stringContaining('emergency'),
    });
    expect(world.written).toEqual([]);
  });

  it('of production is stopped by breaking the glass, which somebody reviews', async () => {
    rollingOut();
    world.permissions = ['delivery.deployment.rollback', 'delivery.breakglass'];
    world.onWrite = () => becomes('rolled_back');
    await world.act(emergency, undefined);
    expect(world.written[0].act).toBe('stop');
    expect(world.findings).toMatchObject([{ kind: 'break_glass' }]);
  });

  it('elsewhere is stopped by whoever may roll back', async () => {
    rollingOut();
    world.tier = 'staging';
    world.permissions = ['delivery.deployment.rollback'];
    world.onWrite = () => becomes('rolled_back');
    expect(await world.act({}, undefined)).toMatchObject({
      code: 'rolled_back',
    });
  });
});

describe('an emergency', () => {
  const putBack = (
    n = 2,
    rollout: 'in_progress' | 'completed' | 'failed' = 'completed',
  ) => {
    world.service = service(n, { deployments: [primary(n, rollout)] });
  };

  it('gives the runtime the earlier version, and somebody reviews it', async () => {
    let before = 0;
    world.onWrite = () => {
      before = world.findings.length;
      putBack();
    };
    expect(await world.act(emergency, undefined)).toMatchObject({
      code: 'rolled_back',
    });
    expect(world.written).toEqual([
      { act: 'put', args: [taskDefinition(2), person] },
    ]);
    expect(before).toBe(1);
    expect(world.started[0].kind).toBe('emergency_rollback');
    expect(world.findings).toEqual([
      expect.objectContaining({
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        ...{ kind: 'break_glass', state: 'open', by: 'user:default/cleo' },
        ...{ environment: 'production', sha: sha(2) },
        message: expect.stringContaining('Too slow'),
      }),
    ]);
    expect(world.told).toContain(`glass ${world.findings[0].id}`);
  });

  it('needs its own permission', async () => {
    world.permissions = [
      ...['delivery.deployment.rollback', 'delivery.approval.decide'],
    ];
    expect(await failureOf(world.act(emergency))).toMatchObject({
      ...{ kind: 'refused', code: 'permission_missing' },
    });
    expect([world.written, world.findings]).toEqual([[], []]);
  });

  it('is not proved by a service that is merely stable', async () => {
    // It stays on version 3, steady and completed.
    expect(await failureOf(world.act(emergency))).toMatchObject({
      kind: 'VendorSilence',
    });
    expect(world.written).toHaveLength(1);
    expect(world.findings).toHaveLength(1);
  });

  it('that is still rolling out is said to be so', async () => {
    world.onWrite = () => putBack(2, 'in_progress');
    expect(await world.act(emergency)).toMatchObject({
      code: 'rollback_started',
    });
  });

  it('is watched until it serves', async () => {
    world.onWrite = () => putBack(2, 'in_progress');
    world.onPause = count => count === 3 && putBack();
    expect(await world.act(emergency)).toMatchObject({ code: 'rolled_back' });
    expect(world.pauses).toHaveLength(3);
  });

  it('whose version does not come up has failed', async () => {
    world.onWrite = () => putBack(2, 'failed');
    expect(await failureOf(world.act(emergency))).toMatchObject({
      code: 'rollback_failed',
    });
  });

  it('that AWS refused leaves nothing to review', async () => {
    world.onWrite = () => {
      throw new VendorRefusal('not_allowed', 'Nothing was done.');
    };
    expect(await failureOf(world.act(emergency))).toMatchObject({
      code: 'not_allowed',
    });
    expect(world.findings).toEqual([]);
  });

  it('that AWS did not answer is looked for, and sent once', async () => {
    world.onWrite = () => {
      putBack();
      throw new VendorSilence('nothing heard');
    };
    expect(await world.act(emergency)).toMatchObject({ code: 'rolled_back' });
    expect(world.written).toHaveLength(1);
    expect(world.findings).toHaveLength(1);
  });

  it('that AWS did not answer and that is not to be seen: nobody knows', async () => {
    world.onWrite = () => {
      throw new VendorSilence('nothing heard');
    };
    expect(await failureOf(world.act(emergency))).toMatchObject({
      kind: 'VendorSilence',
    });
    expect(world.written).toHaveLength(1);
    expect(world.findings).toHaveLength(1);
  });

  it('does not lead past a controller that is not ECS', async () => {
    world.service = service(3, { controller: 'code_deploy' });
    expect(await failureOf(world.act(emergency))).toMatchObject({
      code: 'rollback_refused',
    });
    expect(world.findings).toEqual([]);
  });

  it('needs a known task definition', async () => {
    world.history = world.history.map(item => ({ ...item, evidence: [] }));
    expect(await failureOf(world.act(emergency))).toMatchObject({
      code: 'task_definition_unknown',
    });
  });

  it('without a role at the runtime starts the workflow past the rules', async () => {
    world.canActOnRuntime = false;
    world.gate = undefined;
    world.permissions = ['delivery.deployment.rollback', 'delivery.breakglass'];
    expect(await world.act(emergency)).toMatchObject({
      code: 'rollback_started',
    });
    expect(world.written[0].act).toBe('dispatch');
    expect(world.findings).toMatchObject([{ kind: 'break_glass' }]);
  });
});
