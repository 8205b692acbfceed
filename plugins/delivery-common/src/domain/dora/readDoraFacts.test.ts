import { linkFacts } from './linkFacts';
import { readDoraFacts } from './readDoraFacts';
import { DEFAULT_DORA_SETTINGS } from '../../contract';

const AS_OF = '2026-03-10T00:00:00Z';
const row = (part: object) => ({
  ...{ id: 'd1', service: 'api', status: 'succeeded' },
  ...{ environment: 'production', tier: 'production' },
  ...part,
});
const read = (facts: object) => readDoraFacts({ asOf: AS_OF, ...facts });

it.each([
  [1_772_445_600_000, 1_772_445_600_000],
  ['2026-03-02T10:00:00Z', 1_772_445_600_000],
  ['2026-03-02T11:00:00.000+01:00', 1_772_445_600_000],
])('reads %j as a moment', (finishedAt, expected) => {
  const { facts, excluded } = read({ deployments: [row({ finishedAt })] });
  expect(facts.deployments[0].finishedAt).toBe(expected);
  expect(excluded).toEqual([]);
});

it.each([
  ['2026-03-02T10:00:00'],
  ['2026-03-02'],
  ['yesterday'],
  ['2026-99-02T10:00:00Z'],
  [1e300],
  [true],
])('lists a row with %j for a moment, and keeps the others', finishedAt => {
  const { facts, excluded } = read({
    deployments: [row({ finishedAt }), row({ id: 'd2' })],
  });
  expect(facts.deployments.map(({ id }) => id)).toEqual(['d2']);
  expect(excluded).toMatchObject([
    { what: 'deployment', id: 'd1', service: 'api', reason: 'malformed' },
  ]);
  expect(excluded[0].detail).toContain('deployments[0].finishedAt');
});

it('words that are not known never are a success, and null is absent', () => {
  const { facts } = read({
    deployments: [
      row({
        ...{ status: 'green', source: 'x', tier: 'gold', sha: null },
        ...{ run: { id: 'r', attempt: null }, other: 'left alone' },
      }),
    ],
  });
  expect(facts.deployments).toEqual([
    {
      ...{ id: 'd1', service: 'api', environment: 'production' },
      ...{ status: 'unknown', source: 'other', run: { id: 'r' } },
    },
  ]);
});

it('services are those that are deployed where nobody lists them', () => {
  const deployments = [row({}), row({ id: 'd2', service: 'web' })];
  expect(read({ deployments }).facts.services).toEqual([
    { service: 'api' },
    { service: 'web' },
  ]);
});

it.each([
  [undefined],
  [null],
  [[]],
  ['facts'],
  [{}],
  [{ asOf: 'today' }],
  [{ asOf: '2026-03-02' }],
])('%j is no facts at all', input => {
  expect(() => readDoraFacts(input)).toThrow(/^(Facts must be|asOf must be) /);
});

it('whatever stands where rows should be is listed, and links', () => {
  const strange = [
    ...[null, 1, 'x', [], {}, { id: 7 }, { id: '' }],
    { id: 'a'.repeat(2_000), service: '\u0000<b>' },
    JSON.parse('{"__proto__":{"id":"p"},"id":"q"}'),
  ];
  const { facts, excluded } = read({
    ...{ deployments: strange, commits: strange, spans: strange },
    ...{ changes: strange, incidents: strange, overrides: strange },
    services: 'all',
  });
  expect(facts.deployments).toEqual([]);
  expect(excluded.filter(({ what }) => what === 'deployment')).toHaveLength(
    strange.length,
  );
  expect(excluded).toContainEqual(
    expect.objectContaining({ id: 'services', reason: 'malformed' }),
  );
  expect(() => linkFacts(facts, DEFAULT_DORA_SETTINGS)).not.toThrow();
});
