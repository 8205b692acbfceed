import { mockCredentials } from '@backstage/backend-test-utils';
import {
  type ActWorld,
  APPROVAL_ID,
  cleo,
  makeActWorld,
  otto,
  tokenOf,
} from './__testUtils__/makeActWorld';

let world: ActWorld;
let operationId: string;
beforeEach(async () => {
  world = await makeActWorld();
  ({ operationId } = await world.decisions.decide(
    cleo,
    APPROVAL_ID,
    {
      decision: 'approve',
      comment: 'Looks good',
      viewHash: world.viewHash(),
      idempotencyKey: 'click-0-0000000000',
    },
    tokenOf('cleo'),
  ));
  await world.runner.idle();
});

describe('Operations.read', () => {
  it('shows steps and outcome to whoever may read the service, and nothing else', async () => {
    const operation = await world.operations.read(
      otto,
      operationId,
      APPROVAL_ID,
    );
    expect(operation).toMatchObject({
      id: operationId,
      state: 'succeeded',
      outcome: { code: 'approved' },
    });
    expect(Object.keys(operation).sort()).toEqual([
      'endedAt',
      'entityRef',
      'id',
      'kind',
      'outcome',
      'startedAt',
      'state',
      'steps',
    ]);
  });

  it('cross-service: other service’s approval id with a known operation', async () => {
    await expect(
      world.operations.read(otto, operationId, 'b'.repeat(24)),
    ).rejects.toMatchObject({
      name: 'NotFoundError',
      code: 'operation_not_found',
    });
  });

  it('reads the same whether there is none or the caller may not see it', async () => {
    const none = await world.operations
      .read(otto, '00000000-0000-0000-0000-000000000000')
      .catch(error => error);
    expect(none).toMatchObject({ code: 'operation_not_found' });
    world.catalog.getEntitiesByRefs = async () => ({ items: [undefined] });
    await expect(
      world.operations.read(otto, operationId),
    ).rejects.toMatchObject({ name: 'NotFoundError', code: none.code });
  });

  it('needs the permission to read', async () => {
    world.allowed.check = () => false;
    await expect(
      world.operations.read(
        mockCredentials.user('user:default/dana'),
        operationId,
      ),
    ).rejects.toMatchObject({ code: 'permission_missing' });
  });
});
