import {
  DAY,
  HOUR,
  MONDAY,
  deployed,
  incident,
  judgedOf,
} from './testUtils/judging';

const LIVE = MONDAY + 10 * HOUR;

describe('the word of a person', () => {
  const said = (
    verdict: 'failed' | 'not_failed',
    at: number,
    reason = 'r',
  ) => ({
    ...{ deploymentId: 'a1', verdict, reason, by: 'user:default/kim', at },
  });
  const facts = {
    deployments: [deployed('a1', LIVE)],
    incidents: [incident('i', LIVE + HOUR, { number: 377 })],
  };

  it('beats the evidence, which stays to be seen', () => {
    const told = judgedOf({
      ...facts,
      overrides: [said('not_failed', LIVE + DAY, 'The card company was down')],
    }).of('a1');
    expect(told).toMatchObject({
      failed: false,
      evidence: [
        {
          code: 'marked_not_failed',
          text: 'Marked as not failed: The card company was down',
          by: 'user:default/kim',
        },
        {
          ...{ code: 'incident_by_time', overruled: true },
          text: 'Incident #377 began 60 min later (inferred)',
        },
      ],
    });
    expect(told).not.toHaveProperty('failedAt');
  });

  it('fails what nothing else fails, with no moment of detection', () => {
    const told = judgedOf({
      deployments: facts.deployments,
      overrides: [said('failed', LIVE + DAY)],
    }).of('a1');
    expect(told).toMatchObject({ failed: true, failedAt: LIVE });
    expect(told).not.toHaveProperty('detectedAt');
    expect(told).not.toHaveProperty('recoveredAt');
  });

  it('is the last one, whatever the order; of equal times always the same', () => {
    const words = [
      said('failed', LIVE + DAY),
      said('not_failed', LIVE + 2 * DAY, 'second thoughts'),
      said('not_failed', LIVE + 2 * DAY, 'a second time'),
    ];
    const one = judgedOf({ ...facts, overrides: words });
    const other = judgedOf({ ...facts, overrides: [...words].reverse() });
    expect(one.failed).toEqual([]);
    expect(other.deployments).toEqual(one.deployments);
  });

  it('may name the deployment by any of its sources', () => {
    const deployment = deployed('a1', LIVE, {
      sources: [{ source: 'run', id: 'run-7', status: 'succeeded' }],
    });
    const { failed } = judgedOf({
      deployments: [deployment],
      overrides: [{ ...said('failed', LIVE + DAY), deploymentId: 'run-7' }],
    });
    expect(failed).toEqual(['a1']);
  });

  it.each<[string, { deploymentId?: string; at?: number }, string]>([
    ['of nothing known', { deploymentId: 'zz' }, 'unknown_deployment'],
    ['of the future', { at: MONDAY + 11 * DAY }, 'future'],
    ['without a time', { at: NaN }, 'no_time'],
  ])('is listed when it is %s', (_, rest, reason) => {
    const { excluded, failed } = judgedOf({
      deployments: facts.deployments,
      overrides: [{ ...said('failed', LIVE), ...rest }],
    });
    expect(failed).toEqual([]);
    expect(excluded).toMatchObject([
      { what: 'override', id: rest.deploymentId ?? 'a1', reason },
    ]);
  });
});
