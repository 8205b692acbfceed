import { mockCredentials } from '@backstage/backend-test-utils';
import { workflowRun } from '../__testUtils__/githubPayloads';
import { service, startDelivery } from '../__testUtils__/startDelivery';

const reader = mockCredentials.user.token('user:default/reader');
const RUNS = '/v1/entities/component/default/api/runs';

describe('lists of runs', () => {
  let delivery: Awaited<ReturnType<typeof startDelivery>>;

  beforeAll(async () => {
    const api = service('api', 'acme/mono');
    Object.assign(api.metadata.annotations ?? {}, {
      'github.com/workflows': 'ci.yml',
    });
    delivery = await startDelivery({
      entities: [api, service('all', 'acme/mono')],
    });
    for (let n = 1; n <= 5; n++) {
      await delivery
        .deliver(
          'workflow_run',
          workflowRun('acme/mono', {
            id: 100 + n,
            run_number: n,
            created_at: `2026-11-0${n}T10:00:00Z`,
            head_branch: n % 2 ? 'main' : 'feature/x',
            ...(n === 3 && {
              workflow_id: 6,
              name: 'Docs',
              path: '.github/workflows/docs.yml',
            }),
          }),
        )
        .expect(202);
    }
    await delivery.get(RUNS, reader).expect(200);
    await delivery.settled();
  });
  afterAll(() => delivery.stop());

  const numbers = async (query: string, path = RUNS) => {
    const { body } = await delivery.get(`${path}?${query}`, reader).expect(200);
    return {
      numbers: body.items.map((run: { runNumber: number }) => run.runNumber),
      next: body.nextCursor as string | undefined,
    };
  };

  it('go page by page, newest first, and end', async () => {
    const first = await numbers('limit=2');
    expect(first.numbers).toEqual([5, 4]);
    const second = await numbers(`limit=2&cursor=${first.next}`);
    expect(second).toEqual({ numbers: [2, 1], next: undefined });
  });

  it('hold the pipelines of the service, or all of its repository', async () => {
    expect((await numbers('')).numbers).toEqual([5, 4, 2, 1]);
    expect((await numbers('scope=all')).numbers).toEqual([5, 4, 3, 2, 1]);
    const all = '/v1/entities/component/default/all/runs';
    expect((await numbers('', all)).numbers).toEqual([5, 4, 3, 2, 1]);
    const { body } = await delivery
      .get('/v1/entities/component/default/api/overview', reader)
      .expect(200);
    expect(body.pipelines).toMatchObject([
      { name: 'CI', mine: true },
      { name: 'Docs', mine: false },
    ]);
    expect(body.branches.sort()).toEqual(['feature/x', 'main']);
  });

  it('can be filtered', async () => {
    expect((await numbers('branch=feature/x')).numbers).toEqual([4, 2]);
    expect((await numbers('status=completed')).numbers).toEqual([]);
    expect((await numbers('actor=dana&text=add')).numbers).toHaveLength(4);
  });

  it('refuse a cursor that they did not give', async () => {
    const { body } = await delivery
      .get(`${RUNS}?cursor=made-up`, reader)
      .expect(400);
    expect(body.error.message).toBe(
      'Query parameter "cursor" is not one that this list gave; start again without it.',
    );
  });
});
