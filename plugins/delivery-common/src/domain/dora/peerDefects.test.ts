import { DORA_METRICS, doraSettingsSchema } from '../../contract';
import type { DoraMetricId } from '../../contract';
import { computeDora } from './computeDora';
import type { DoraFacts } from './facts';
import { quantilesOf } from './quantiles';
import {
  DAY,
  HOUR,
  MINUTE,
  MONDAY,
  SERVICE,
  deployed,
  doraFacts,
  incident,
  shaOf,
  shipped,
} from './testUtils/doraFacts';

const SETTINGS = doraSettingsSchema.parse({});
const WINDOW = { from: MONDAY, to: MONDAY + 84 * DAY };

function measure(parts: Partial<DoraFacts>, window = WINDOW) {
  return computeDora(doraFacts(parts), SETTINGS, window);
}

function valueOf(parts: Partial<DoraFacts>, metric: DoraMetricId) {
  return measure(parts).metrics[metric].value;
}

const median = (values: number[]) => quantilesOf(values, 'continuous').p50;

/** Each names a defect of a tool that people use; the way that leads to it is computed beside ours, and must differ. */
describe('not the mistakes of others', () => {
  it('1: change fail rate is of failed deployments, not of incidents', () => {
    const deployments = [0, 7, 14, 21].map(day =>
      deployed(`d${day}`, MONDAY + day * DAY + HOUR),
    );
    const incidents = [2, 3, 4, 5, 6].map(hours =>
      incident(`i${hours}`, MONDAY + hours * HOUR),
    );
    const ours = measure({ deployments, incidents }).metrics.change_fail_rate;
    expect([ours.value, ours.hits, ours.n]).toEqual([0.25, 1, 4]);
    const theirs = incidents.length / deployments.length;
    expect(theirs).toBe(1.25);
    expect(ours.value).not.toBe(theirs);
  });

  it('2: the median is of all changes, never of daily medians', () => {
    const quickDay = Array.from({ length: 9 }, (_, i) =>
      shipped(`q${i}`, MONDAY + DAY + i * HOUR, 2 * HOUR),
    );
    const slowDays = [3, 5].map(day =>
      shipped(`s${day}`, MONDAY + day * DAY, 100 * HOUR),
    );
    // The first deployment has no base; everything after it is judged.
    const first = deployed('first', MONDAY + HOUR);
    const all = [...quickDay, ...slowDays];
    const facts = {
      deployments: [first, ...all.map(each => each.deployment)],
      changes: all.map(each => each.change),
    };
    const ours = measure(facts).metrics.lead_time;
    expect([ours.value, ours.n]).toEqual([2 * HOUR, 11]);
    const theirs = median([2 * HOUR, 100 * HOUR, 100 * HOUR]);
    expect(theirs).toBe(100 * HOUR);
    expect(ours.value).not.toBe(theirs);
  });

  it('3: no data is null, never 0', () => {
    const { metrics } = measure({});
    for (const id of DORA_METRICS) {
      expect([id, metrics[id].value]).toEqual([id, null]);
      expect(metrics[id].trend.map(({ value }) => value)).toEqual(
        Array.from({ length: 12 }, () => null),
      );
    }
    const { deployment, change } = shipped('b', MONDAY + 8 * DAY, HOUR);
    const { trend } = measure({
      deployments: [deployed('a', MONDAY + HOUR), deployment],
      changes: [change],
    }).metrics.lead_time;
    const ours = trend.slice(0, 3).map(({ value }) => value);
    expect(ours).toEqual([null, HOUR, null]);
    const theirs = ours.map(value => value ?? 0);
    expect(ours).not.toEqual(theirs);
  });

  it('4: a deployment ended with its first success, not when its row was last written', () => {
    const live = MONDAY + 2 * DAY;
    const flipped = MONDAY + 9 * DAY;
    const told = deployed('41', live, { source: 'vendor_deployment' });
    // The vendor flips it when the next one goes out.
    const latest = {
      ...told,
      status: 'superseded',
      finishedAt: flipped,
    } as const;
    const { linked, metrics } = measure({ deployments: [latest, told] });
    const ours = linked.deployments.map(({ finishedAt }) => finishedAt);
    expect(ours).toEqual([live]);
    expect(metrics.deployment_frequency.trend[0].n).toBe(1);
    const theirs = Math.max(...[told, latest].map(each => each.finishedAt!));
    expect(ours).not.toEqual([theirs]);
  });

  it('5: an attempt that failed before the re-run is not forgotten', () => {
    const at = MONDAY + DAY;
    const attempts = [
      deployed('r1', at, {
        source: 'run',
        run: { id: '900', attempt: 1 },
        status: 'failed',
        touched: true,
        sha: shaOf('r'),
      }),
      deployed('r2', at + HOUR, {
        source: 'run',
        run: { id: '900', attempt: 2 },
        sha: shaOf('r'),
      }),
    ];
    const { metrics } = measure({ deployments: attempts });
    const ours = metrics.change_fail_rate;
    expect([ours.value, ours.n]).toEqual([1, 1]);
    expect(metrics.deployment_frequency.n).toBe(1);
    // From the start of the rollout that failed to the success of the next attempt.
    expect(metrics.recovery_time.value).toBe(HOUR + 10 * MINUTE);
    expect(metrics.deployment_success_rate.details).toContainEqual(
      expect.objectContaining({ id: 'per_attempt', value: 0.5, n: 2 }),
    );
    const last = attempts.filter(each => each.run?.attempt === 2);
    const theirs =
      last.filter(each => each.status !== 'succeeded').length / last.length;
    expect(ours.value).not.toBe(theirs);
  });

  it('6: an incident is of its own service, and of no deployment long before', () => {
    const other = 'component:default/web';
    const deployments = [
      deployed('d', MONDAY + DAY),
      deployed('w', MONDAY + 10 * DAY, { service: other }),
    ];
    const incidents = [
      incident('late', MONDAY + 40 * DAY),
      incident('foreign', MONDAY + DAY + HOUR, { service: other }),
    ];
    const { metrics, linked } = measure({
      services: [{ service: SERVICE }, { service: other }],
      deployments,
      incidents,
    });
    expect(metrics.change_fail_rate.hits).toBe(0);
    expect(metrics.change_fail_rate.excluded).toEqual([
      { reason: 'no_deployment_before', count: 1 },
      { reason: 'too_long_after', count: 1 },
    ]);
    const theirs = new Set(
      incidents.map(
        ({ startedAt }) =>
          deployments.filter(each => each.finishedAt! <= startedAt!).at(-1)?.id,
      ),
    );
    const ours = linked.deployments.filter(each => each.failed);
    expect(theirs.size).toBe(2);
    expect(ours).toHaveLength(0);
  });

  it('7: what can be above the line is below it', () => {
    const deployments = [
      ...[1, 8, 15].map(day => deployed(`d${day}`, MONDAY + day * DAY)),
      deployed('broken', MONDAY + 20 * DAY, {
        source: 'runtime_deployment',
        status: 'rolled_back',
        runtimeRollback: { ok: true, finishedAt: MONDAY + 20 * DAY },
      }),
    ];
    const ours = measure({ deployments }).metrics.change_fail_rate;
    expect([ours.value, ours.hits, ours.n]).toEqual([0.25, 1, 4]);
    const succeeded = deployments.filter(each => each.status === 'succeeded');
    const failedOfThese = succeeded.filter(each => each.runtimeRollback);
    expect(ours.value).not.toBe(failedOfThese.length / succeeded.length);
    expect(ours.value).not.toBe(1 / succeeded.length);
  });

  it('8: a team has the numbers of its services, whoever pushed the button', () => {
    const owned = (actor: (index: number) => string) =>
      [1, 2, 3, 4].map(day =>
        deployed(`d${day}`, MONDAY + day * DAY, { actor: actor(day) }),
      );
    const team = ['mona'];
    const deployments = owned(day => (day === 1 ? 'mona' : 'platform-bot'));
    const ours = measure({ deployments });
    expect(ours.metrics.deployment_frequency.n).toBe(4);
    expect(ours.metrics).toEqual(
      measure({ deployments: owned(() => 'mona') }).metrics,
    );
    const theirs = deployments.filter(each => team.includes(each.actor!));
    expect(theirs).toHaveLength(1);
  });

  it('9: a few in many days are not none, and the parts of a lead time add up', () => {
    const window = { from: MONDAY, to: MONDAY + 21 * DAY };
    const deployments = [1, 3, 6, 10, 15, 20].map(day =>
      deployed(`d${day}`, MONDAY + day * DAY),
    );
    // Known from the day before the window, so that all of its 21 days count.
    const before = deployed('before', MONDAY - HOUR);
    const frequency = measure({ deployments: [before, ...deployments] }, window)
      .metrics.deployment_frequency;
    expect([frequency.value, frequency.unit]).toEqual([6 / 21, 'per_day']);
    expect(frequency.value).not.toBe(Math.floor(6 / 21));

    const sha = shaOf('pr');
    const opened = MONDAY + DAY;
    const stamps = [-90_500, 0, 30_100, 61_300, 120_700].map(ms => opened + ms);
    const [start, openedAt, firstReviewAt, mergedAt, finishedAt] = stamps;
    const { linked, metrics } = measure({
      deployments: [
        deployed('base', MONDAY + HOUR),
        deployed('pr', finishedAt, { sha, commits: [sha] }),
      ],
      changes: [
        {
          ...{ id: 'pr', kind: 'pull_request', mergeSha: sha, openedAt },
          ...{ firstReviewAt, mergedAt },
          commits: [{ sha: shaOf('own'), authoredAt: start }],
        },
      ],
    });
    expect(metrics.lead_time.value).toBe(finishedAt - start);
    const stages = Object.values(linked.changes[0].stages ?? {});
    expect(stages).toHaveLength(4);
    expect(stages.reduce((sum, ms) => sum + ms)).toBe(metrics.lead_time.value);
    const theirs = stages
      .map(ms => Math.ceil(ms / MINUTE))
      .reduce((sum, minutes) => sum + minutes);
    expect(theirs * MINUTE).not.toBe(metrics.lead_time.value);
  });

  it('10: a threshold carries its year', () => {
    const deployments = Array.from({ length: 50 }, (_, i) =>
      deployed(`d${i}`, MONDAY + i * DAY + HOUR, {
        ...(i % 6 === 0 && { status: 'failed', touched: true }),
      }),
    );
    const { value, bands } = measure({ deployments }).metrics.change_fail_rate;
    expect(value).toBe(0.18);
    expect(bands.map(({ scale }) => scale)).toEqual(['quick_check', 'tiers']);
    for (const { text, year } of bands) expect(text).toContain(String(year));
    expect(bands[1]).toMatchObject({ label: 'low', year: 2023 });
    // The same number without its year: of 2021 it was high, and medium, and low alike.
    const of2021 = { high: [16, 30], medium: [16, 30], low: [16, 30] };
    const theirs = Object.entries(of2021)
      .filter(([, [from, to]]) => from <= 18 && to >= 18)
      .map(([label]) => label);
    expect(theirs).toEqual(['high', 'medium', 'low']);
    expect(theirs).not.toEqual([bands[1].label]);
  });

  it('no number is 0 for want of rows in a window after the last deployment', () => {
    const window = { from: MONDAY + 42 * DAY, to: MONDAY + 56 * DAY };
    const { metrics } = measure(
      { deployments: [deployed('d', MONDAY + DAY)] },
      window,
    );
    // That nothing was deployed is known; what it took, failed or cost is not.
    expect(metrics.deployment_frequency.value).toBe(0);
    expect(metrics.change_fail_rate.value).toBeNull();
    expect(valueOf({}, 'deployment_frequency')).toBeNull();
  });
});
