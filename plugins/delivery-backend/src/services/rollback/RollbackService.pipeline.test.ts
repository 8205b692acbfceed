import { UserToken } from 'backstage-plugin-delivery-node';
import { failureOf, RollbackWorld } from './__testUtils__/RollbackWorld';
import {
  digest,
  ECR,
  GATE,
  logical,
  RANGE,
  service,
  sha,
  taskDefinition,
  WORKFLOW,
} from './__testUtils__/shop';

let world: RollbackWorld;
beforeEach(() => {
  world = new RollbackWorld();
});

describe('by its workflow', () => {
  it('goes back in the name of the person, who is remembered', async () => {
    const outcome = await world.act();
    expect(world.steps).toEqual([
      ...['identity', 'fresh_read', 'checks', 'sent', 'confirmed'],
    ]);
    expect(world.written).toHaveLength(1);
    expect(world.written[0]).toMatchObject({
      act: 'dispatch',
      args: [
        {
          ...{ workflow: 'rollback.yml', ref: 'main' },
          inputs: {
            ...{ environment: 'production', service: 'shop-api' },
            commit: sha(2),
            image: `${ECR}@${digest(2)}`,
            'task-definition': taskDefinition(2),
            reason: expect.stringMatching(
              /^Too slow — user:default\/cleo via portal, ref 11111111-.*, audit a{16}$/,
            ),
          },
        },
        'ghu_of_cleo',
      ],
    });
    expect(outcome).toMatchObject({
      code: 'rollback_started',
      runId: 'github/1/run/99',
      message: expect.stringContaining('waits for its approver'),
    });
    expect(world.requests).toEqual([
      {
        runKey: 'github/1/run/99',
        request: {
          ...{ userRef: 'user:default/cleo', accountId: '1', attempt: 1 },
          entityRef: 'component:default/shop',
        },
      },
    ]);
    expect(world.findings).toEqual([]);
    expect(world.told).toEqual(['started github/1/run/99']);
  });

  it('is one at a time, and what is kept of it holds no token', async () => {
    await world.act();
    expect(world.started[0]).toMatchObject({
      kind: 'rollback',
      leaseKey: expect.stringContaining('shop-api'),
      subject: { sha: sha(2), comment: 'Too slow' },
    });
    const kept = JSON.stringify([world.started, world.notes, world.requests]);
    expect(kept).not.toContain('ghu_of_cleo');
  });

  it('is done where nobody has to approve, with the one permission', async () => {
    world.tier = 'staging';
    world.gate = undefined;
    world.permissions = ['delivery.deployment.rollback'];
    expect(await world.act()).toMatchObject({ code: 'rollback_started' });
  });

  it('says so when the vendor does not tell the run', async () => {
    world.dispatched = {};
    const outcome = await world.act();
    expect(outcome.runId).toBeUndefined();
    expect(outcome.message).toContain('does not say which run');
    expect(world.requests).toEqual([]);
  });

  it('needs the token of the person', async () => {
    world.permissions = ['delivery.deployment.rollback'];
    const { viewHash } = await world.options();
    expect(
      await failureOf(world.act({ viewHash }, new UserToken('another'))),
    ).toMatchObject({ code: 'token_not_ours' });
    expect(world.written).toEqual([]);
  });
});

describe('production that no gate holds', () => {
  const held = { ...GATE, preventSelfReview: false };

  it.each([
    ['there is no gate', undefined],
    ['whoever starts it can approve it', held],
  ])('needs somebody who may decide: %s', async (_, gate) => {
    world.gate = gate;
    expect(await world.act()).toMatchObject({
      message: expect.not.stringContaining('waits'),
    });
    world = new RollbackWorld();
    world.gate = gate;
    world.permissions = ['delivery.deployment.rollback', 'delivery.breakglass'];
    expect(await failureOf(world.act())).toMatchObject({
      ...{ kind: 'refused', code: 'permission_missing', status: 403 },
      message: expect.stringContaining('delivery.approval.decide'),
    });
    expect(world.written).toEqual([]);
    expect(world.findings).toEqual([]);
  });

  it('is not let back by the author of what comes in', async () => {
    world.gate = undefined;
    world.range = {
      ...RANGE,
      status: 'diverged',
      total: 1,
      commits: [
        {
          ...{ sha: sha(2), title: 'x', coAuthors: [] },
          author: { id: '1', login: 'cleo' },
        },
      ],
    };
    expect(await failureOf(world.act())).toMatchObject({
      ...{ kind: 'refused', code: 'self_review' },
    });
    // With the person's own token, and in the direction of the rollback.
    expect(world.ranges).toContainEqual({
      ...{ base: sha(3), head: sha(2), own: true },
    });
    expect(world.written).toEqual([]);
  });

  it.each([
    [
      'no job names it',
      "environment: { name: '${{ inputs.environment }}' }",
      '',
    ],
    [
      'a job says it by what nobody can tell',
      "environment: { name: '${{ inputs.environment }}' }",
      'environment: ${{ vars.WHERE }}',
    ],
  ])('is also one whose gate the workflow passes by: %s', async (...row) => {
    const [, before, after] = row;
    world.workflow = WORKFLOW.replace(before, after);
    world.permissions = ['delivery.deployment.rollback'];
    expect(await failureOf(world.act())).toMatchObject({
      ...{ kind: 'refused', code: 'permission_missing' },
    });
  });
});

describe('the inputs of the workflow', () => {
  const refusal = async (from: string, to: string) => {
    world.workflow = WORKFLOW.replace(from, to);
    const failure = await failureOf(world.act());
    expect(world.written).toEqual([]);
    return failure;
  };

  it('that nobody can fill are named', async () => {
    expect(
      await refusal(
        'reason:',
        'ticket: { type: string, required: true }\n      reason:',
      ),
    ).toMatchObject({
      ...{ kind: 'refused', code: 'rollback_inputs' },
      params: { workflow: 'rollback.yml', input: 'ticket' },
    });
  });

  it('have to say which version', async () => {
    const text = WORKFLOW.replace(
      / {6}(commit|image|task-definition):.*\n/g,
      '',
    );
    expect(await refusal(WORKFLOW, text)).toMatchObject({
      code: 'rollback_inputs',
      message: expect.stringContaining('which version'),
    });
  });

  it('have to take the environment', async () => {
    expect(await refusal('[staging, production]', '[staging]')).toMatchObject({
      code: 'rollback_inputs',
      params: { input: 'environment' },
    });
  });

  it('must not lead to another environment', async () => {
    expect(
      await refusal("'${{ inputs.environment }}'", 'staging'),
    ).toMatchObject({
      code: 'rollback_inputs',
      message: expect.stringContaining('"staging"'),
    });
  });

  it('have to be known of that deployment', async () => {
    world.history = [logical(3), logical(2, { evidence: [] })];
    expect(await failureOf(world.act())).toMatchObject({
      ...{ code: 'rollback_inputs', params: { input: 'task-definition' } },
    });
  });

  it('get no tag for an image: by now it may be another one', async () => {
    world.history = [
      logical(3),
      logical(2, {
        evidence: [],
        commit: {
          ...logical(2).commit,
          image: { uri: `${ECR}:v2` },
        },
      }),
    ];
    world.workflow = WORKFLOW.replace(/ {6}task-definition:.*\n/, '');
    await world.act();
    const [{ inputs }] = world.written[0].args as [{ inputs: object }];
    expect(Object.keys(inputs).sort()).toEqual([
      ...['commit', 'environment', 'reason', 'service'],
    ]);
  });

  it.each(['revision', 'sha', 'SHA', 'digest', 'task_definition'])(
    'may be called %s',
    async name => {
      world.workflow = WORKFLOW.replace('task-definition:', `${name}:`);
      await world.act();
      const [{ inputs }] = world.written[0].args as [
        { inputs: Record<string, string> },
      ];
      expect([sha(2), digest(2), taskDefinition(2)]).toContain(inputs[name]);
    },
  );
});

describe('what is refused before anything is sent', () => {
  const refused = async (
    body: Parameters<RollbackWorld['act']>[0],
    code: string,
  ) => {
    const failure = await failureOf(world.act(body));
    expect(failure).toMatchObject({ kind: 'refused', code });
    expect(world.written).toEqual([]);
    return failure;
  };

  it('an old view', async () => {
    const { viewHash } = await world.options();
    world.service = service(4);
    expect(await refused({ viewHash }, 'stale_view')).toMatchObject({
      status: 409,
    });
    expect(world.steps).toEqual(['identity', 'fresh_read']);
  });

  it('a deployment that is none to go back to', async () => {
    const failure = await refused({ target: 'deployment/3' }, 'target_unknown');
    expect(failure.message).toContain('none that can be gone back to');
  });

  it('a target that a check failed of', async () => {
    world.inactive = [taskDefinition(2)];
    expect(await refused({}, 'rollback_check_failed')).toMatchObject({
      params: { check: 'task_definition' },
    });
  });

  it('a way that is none', async () => {
    world.service = service(3, { controller: 'external' });
    expect(await refused({}, 'rollback_refused')).toMatchObject({
      message: expect.stringContaining('outside of ECS'),
    });
  });

  it('a runtime that cannot be read', async () => {
    world.service = 'unreadable';
    const failure = await refused({}, 'throttled');
    expect(failure.message).toBe(
      'Nothing was sent: what runs there could not be read. AWS is busy.',
    );
  });
});

describe('somebody without the permission', () => {
  it('is refused, and that is written down', async () => {
    world.permissions = ['delivery.breakglass'];
    await expect(world.act()).rejects.toMatchObject({
      code: 'permission_missing',
    });
    expect(world.audited).toMatchObject([
      { kind: 'rollback', actorRef: 'user:default/cleo' },
    ]);
    expect(world.started).toEqual([]);
  });

  it('who does not see the service learns nothing', async () => {
    world.hasEntity = false;
    await expect(world.act()).rejects.toMatchObject({
      code: 'entity_not_found',
    });
    expect(world.audited).toEqual([]);
  });
});
