import { checkOrder } from './checkOrder';
import type { ChangeRange } from './facts';
import { firstRefusal } from './rules';
import { range, sha, short } from './testUtils/approvalFacts';

const [old, fresh] = [sha('a'), sha('b')];

describe('checkOrder', () => {
  it.each<[string, Partial<ChangeRange> | undefined, string?, string?]>([
    ['pass order', { status: 'ahead' }, old],
    ['pass order', { status: 'ahead' }, undefined],
    ['pass order', { status: 'identical', commits: [] }, old],
    ['pass order', { status: 'identical', commits: [] }, fresh],
    ['pass order', undefined, fresh],
    ['pass order', undefined, undefined],
    ['refuse would_downgrade', undefined, old],
    ['refuse would_downgrade', { status: 'behind' }, old],
    ['refuse would_downgrade', { status: 'behind' }, undefined],
    ['refuse would_downgrade', { status: 'diverged' }, old],
    ['refuse would_downgrade', { status: 'unheard-of' as 'ahead' }, old],
  ])('%s for %j', (expected, part, running) => {
    expect(short([checkOrder(part && range(part), running, fresh)])).toEqual([
      expected,
    ]);
  });

  it('points to the act that goes back', () => {
    const refusal = firstRefusal([
      checkOrder(range({ status: 'behind' }), old, fresh),
    ]);
    expect(refusal).toEqual({
      ...{ code: 'would_downgrade', status: 409, params: {} },
      message:
        'bbbbbbb is older than aaaaaaa, which runs there now. A rollback has its own act.',
    });
  });

  it('says that nothing changes', () => {
    expect(checkOrder(range({ status: 'identical' }), old, old)).toEqual({
      ...{ kind: 'pass', code: 'order' },
      message: 'aaaaaaa runs there already: nothing changes.',
    });
  });
});
