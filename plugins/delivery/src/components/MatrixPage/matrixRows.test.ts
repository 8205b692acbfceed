import fc from 'fast-check';
import { matrix, matrixService } from '../../../dev/matrixFixtures';
import { matrixRows } from './matrixRows';

const { services } = matrix();
const titles = (wish: Partial<Parameters<typeof matrixRows>[1]>) =>
  matrixRows(services, {
    text: '',
    group: 'none',
    sort: 'name',
    ...wish,
  }).rows.map(row =>
    row.kind === 'group' ? `[${row.name} ${row.count}]` : row.service.title,
  );

describe('matrixRows', () => {
  it('orders by name', () => {
    expect(titles({})).toEqual([
      'cicd-platform',
      'eventflow-backend',
      'orders-new',
      'vaultex-api',
    ]);
  });

  it('puts what is furthest behind first', () => {
    expect(titles({ sort: 'behind' })).toEqual([
      'eventflow-backend',
      'vaultex-api',
      'cicd-platform',
      'orders-new',
    ]);
  });

  it('groups, and puts those without a group last', () => {
    expect(titles({ group: 'system' })).toEqual([
      '[events 1]',
      'eventflow-backend',
      '[payments 2]',
      'orders-new',
      'vaultex-api',
      '[undefined 1]',
      'cicd-platform',
    ]);
  });

  it.each([
    ['VAULT', ['vaultex-api']],
    ['events', ['eventflow-backend']],
    ['payments api', ['vaultex-api']],
    ['nothing like it', []],
  ])('finds "%s" in names, systems and teams', (text, expected) => {
    expect(titles({ text })).toEqual(expected);
  });

  it('loses and doubles no service, however it is grouped and ordered', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 30 }),
        fc.constantFrom('none', 'system', 'owner'),
        fc.constantFrom('name', 'behind'),
        (names, group, sort) => {
          const all = names.map((name, index) =>
            matrixService(
              name,
              {},
              {
                lag: index % 3,
                system: index % 4 ? `s${index % 4}` : undefined,
              },
            ),
          );
          const { rows, shown } = matrixRows(all, {
            text: '',
            group: group as 'none',
            sort: sort as 'name',
          });
          const told = rows.flatMap(row =>
            row.kind === 'service' ? [row.key] : [],
          );
          expect(shown).toBe(all.length);
          expect(told.sort()).toEqual(all.map(item => item.entityRef).sort());
          const counted = rows.reduce(
            (sum, row) => sum + (row.kind === 'group' ? row.count : 0),
            0,
          );
          expect(counted).toBe(group === 'none' ? 0 : all.length);
        },
      ),
    );
  });
});
