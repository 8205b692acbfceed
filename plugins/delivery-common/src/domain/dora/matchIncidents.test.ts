import type { IncidentFact } from './facts';
import { matchIncidents } from './matchIncidents';
import {
  DAY,
  HOUR,
  MINUTE,
  MONDAY,
  brought,
  deployed,
  incident,
  settingsWith,
  sha,
} from './testUtils/judging';

const first = deployed('a1', MONDAY + 10 * HOUR);
const second = deployed('b2', MONDAY + 14 * HOUR, {
  run: { id: '4711' },
  sources: [
    { source: 'run', id: 'run-4711', status: 'succeeded' },
    { source: 'vendor_deployment', id: 'deployment-9', status: 'succeeded' },
  ],
});
const changes = [brought(380, first), brought(381, second)];

function match(incidents: IncidentFact[], settings = settingsWith()) {
  return matchIncidents({
    deployments: [first, second],
    ...{ changes, incidents, settings, asOf: MONDAY + 10 * DAY },
  });
}

describe('an incident by time', () => {
  it.each([
    ['at the moment of the deployment', MONDAY + 14 * HOUR, 'b2'],
    ['a moment before it', MONDAY + 14 * HOUR - 1, 'a1'],
    ['a day after it', MONDAY + 38 * HOUR, 'b2'],
    ['a moment more than a day after it', MONDAY + 38 * HOUR + 1, undefined],
    ['before the first', MONDAY, undefined],
  ])('%s', (_, at, deploymentId) => {
    const { incidents } = match([incident('i', at)]);
    expect(incidents).toMatchObject([{ id: 'i', startedAt: at }]);
    expect(incidents[0].deploymentId).toBe(deploymentId);
    expect(incidents[0].how).toBe(deploymentId && 'by_time');
  });

  it('belongs to the deployment before it however old, without an age', () => {
    const settings = settingsWith({ windows: { incidentMs: null } });
    const { incidents } = match([incident('i', MONDAY + 9 * DAY)], settings);
    expect(incidents[0].deploymentId).toBe('b2');
  });

  it.each([
    ['what failed in production', { outcome: 'failed_in_production' }, 'c3'],
    ['a redeployment', { kind: 'redeploy' }, 'c3'],
    ['no rollback', { kind: 'rollback' }, 'b2'],
    ['nothing that never got there', { outcome: 'cancelled' }, 'b2'],
    [
      'nothing that failed before',
      { outcome: 'failed_before_production' },
      'b2',
    ],
  ] as const)('suspects %s', (_, rest, expected) => {
    const third = deployed('c3', MONDAY + 15 * HOUR, rest);
    const { incidents } = matchIncidents({
      deployments: [third, second, first],
      changes,
      incidents: [incident('i', MONDAY + 16 * HOUR)],
      settings: settingsWith(),
      asOf: MONDAY + 10 * DAY,
    });
    expect(incidents[0].deploymentId).toBe(expected);
  });

  it('suspects rollbacks where they count as deployments', () => {
    const back = deployed('c3', MONDAY + 15 * HOUR, { kind: 'rollback' });
    const { incidents } = matchIncidents({
      deployments: [first, second, back],
      changes,
      incidents: [incident('i', MONDAY + 16 * HOUR)],
      settings: settingsWith({ includeRollbacks: true }),
      asOf: MONDAY + 10 * DAY,
    });
    expect(incidents[0].deploymentId).toBe('c3');
  });
});

describe('an incident that names something', () => {
  const at = MONDAY + 15 * HOUR;
  it.each([
    ['a SHA', { shas: [sha('a1')] }, 'a1'],
    ['a SHA of a change', { shas: [sha('c380').slice(0, 8)] }, 'a1'],
    ['a pull request', { numbers: [380] }, 'a1'],
    ['a run', { runIds: ['4711'] }, 'b2'],
    ['a deployment', { deploymentIds: ['a1'] }, 'a1'],
    ['a source of one', { deploymentIds: ['deployment-9'] }, 'b2'],
    ['two of them: the latest', { numbers: [381, 380] }, 'b2'],
  ])('by %s', (_, names, deploymentId) => {
    const { incidents } = match([incident('i', at, { names })]);
    expect(incidents[0]).toMatchObject({ deploymentId, how: 'named' });
  });

  it('is believed however old the deployment is', () => {
    const names = { numbers: [380] };
    const { incidents } = match([incident('i', MONDAY + 9 * DAY, { names })]);
    expect(incidents[0]).toMatchObject({ deploymentId: 'a1', how: 'named' });
  });

  it('falls back to time when nobody knows what it names', () => {
    const names = { shas: ['0123456789'] };
    const { incidents } = match([incident('i', at, { names })]);
    expect(incidents[0]).toMatchObject({ deploymentId: 'b2', how: 'by_time' });
  });

  it('says so when time does not help either', () => {
    const names = { shas: ['0123456789'], runIds: ['1'] };
    const { excluded } = match([incident('i', MONDAY + 9 * DAY, { names })]);
    expect(excluded).toMatchObject([
      {
        reason: 'too_long_after',
        detail:
          'names 0123456789, run 1, which no deployment before it brought',
      },
    ]);
  });

  it('does not name what began after it, such as its own fix', () => {
    const names = { numbers: [381] };
    const { incidents } = match([incident('i', MONDAY + 11 * HOUR, { names })]);
    expect(incidents[0]).toMatchObject({ deploymentId: 'a1', how: 'by_time' });
  });

  it('blames a commit where it came in, not where it was put once more', () => {
    const again = deployed('c3', MONDAY + 14.5 * HOUR, {
      ...{ kind: 'redeploy', sha: first.sha },
    });
    const { incidents } = matchIncidents({
      deployments: [first, again],
      changes: [],
      incidents: [incident('i', at, { names: { shas: [first.sha!] } })],
      settings: settingsWith(),
      asOf: MONDAY + 10 * DAY,
    });
    expect(incidents[0].deploymentId).toBe('a1');
  });
});

describe('an incident that cannot be counted', () => {
  it.each([
    ['without a service', { service: undefined }, 'no_service', 0],
    ['without a time', { startedAt: undefined }, 'no_time', 0],
    ['with a time that is none', { startedAt: NaN }, 'no_time', 0],
    ['of the future', { startedAt: MONDAY + 11 * DAY }, 'future', 0],
    ['before everything', { startedAt: MONDAY }, 'no_deployment_before', 1],
    ['too late', { startedAt: MONDAY + 5 * DAY }, 'too_long_after', 1],
    [
      'of another service',
      { service: 'component:default/other' },
      'no_deployment_before',
      1,
    ],
  ])('%s', (_, rest, reason, kept) => {
    const { incidents, excluded } = match([
      incident('i', MONDAY + 15 * HOUR, { title: 'Down', ...rest }),
    ]);
    expect(excluded).toMatchObject([
      { what: 'incident', id: 'i', reason, title: 'Down' },
    ]);
    expect(incidents).toHaveLength(kept);
    expect(incidents.map(each => each.deploymentId)).toEqual(
      Array(kept).fill(undefined),
    );
  });

  it('is told twice: the one that knows its end is taken, whatever the order', () => {
    const open = incident('i', MONDAY + 15 * HOUR);
    const closed = { ...open, resolvedAt: MONDAY + 16 * HOUR };
    for (const rows of [
      [open, closed],
      [closed, open],
    ]) {
      const { incidents, excluded } = match(rows);
      expect(incidents).toMatchObject([{ id: 'i', openMs: HOUR }]);
      expect(excluded).toMatchObject([{ id: 'i', reason: 'duplicate' }]);
    }
  });

  it.each([
    ['before its beginning', MONDAY + 15 * HOUR - MINUTE, 'negative_span'],
    ['in the future', MONDAY + 11 * DAY, 'future'],
  ])('ends %s: it is open, and listed', (_, resolvedAt, reason) => {
    const row = incident('i', MONDAY + 15 * HOUR, { resolvedAt });
    const { incidents, excluded } = match([row]);
    expect(incidents).toMatchObject([{ id: 'i', deploymentId: 'b2' }]);
    expect(incidents[0]).not.toHaveProperty('openMs');
    expect(incidents[0]).not.toHaveProperty('resolvedAt');
    expect(excluded).toMatchObject([{ id: 'i', reason }]);
  });
});
