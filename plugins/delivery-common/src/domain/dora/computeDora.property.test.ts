import * as fc from 'fast-check';
import { DORA_METRICS, doraSettingsSchema } from '../../contract';
import type { DoraSettings } from '../../contract';
import { computeDora } from './computeDora';
import { excludedOf } from './excludedOf';
import type { DoraFacts } from './facts';
import type { DoraResult, TimeWindow } from './measured';
import {
  DAY,
  HOUR,
  MONDAY,
  deployed,
  doraFacts,
  incident,
} from './testUtils/doraFacts';
import { arbitraryFacts, shifted } from './__testUtils__/factsArbitrary';
import { changeVerdictsOf, verdictsOf } from './verdicts';

const WINDOW = { from: MONDAY, to: MONDAY + 84 * DAY };
const WEEK = 7 * DAY;

const settings = fc
  .record({
    leadTimeStart: fc.constantFrom(
      ...(['first_commit', 'commit', 'pr_opened', 'pr_merged'] as const),
    ),
    percentileMethod: fc.constantFrom('continuous', 'lower'),
    includeRollbacks: fc.boolean(),
    includeRedeploys: fc.boolean(),
    changeFailDenominator: fc.constantFrom('succeeded_and_failed', 'succeeded'),
    perEnvironment: fc.boolean(),
    windows: fc.constantFrom({}, { incidentMs: null }, { revertMs: 0 }),
  })
  .map(choices => doraSettingsSchema.parse(choices));

function each(
  check: (facts: DoraFacts, choices: DoraSettings) => void,
  numRuns = 60,
) {
  fc.assert(fc.property(arbitraryFacts(), settings, check), { numRuns });
}

function numbers({ metrics }: DoraResult) {
  return DORA_METRICS.map(id => {
    const { value, n, hits, details, rows, excluded } = metrics[id];
    return { id, value, n, hits, details, rows, excluded };
  });
}

describe('metrics of random facts', () => {
  it('have exactly the rows that they are made of', () => {
    each((facts, choices) => {
      const { metrics, linked } = computeDora(facts, choices, WINDOW);
      const known = new Set(
        [...linked.deployments, ...linked.changes].map(({ id }) => id),
      );
      for (const id of DORA_METRICS) {
        const { n, hits = 0, rows, value, unit } = metrics[id];
        expect([id, rows.length]).toEqual([id, n]);
        expect(rows.filter(row => !known.has(row))).toEqual([]);
        expect(hits).toBeLessThanOrEqual(n);
        const isNull = value === null;
        expect(isNull).toBe(n === 0 && (isNull || !unit.startsWith('per_')));
        expect(unit !== 'ratio' || isNull || value === hits / n).toBe(true);
      }
    });
  });

  it('count what they list as left out', () => {
    each((facts, choices) => {
      const { metrics, linked } = computeDora(facts, choices, WINDOW);
      const rows = {
        deployments: linked.deployments.map(deployment => ({
          deployment,
          verdicts: verdictsOf(deployment, choices),
        })),
        changes: linked.changes.map(change => ({
          change,
          verdicts: changeVerdictsOf(change, choices),
        })),
        excluded: linked.excluded,
      };
      for (const id of DORA_METRICS) {
        const listed = excludedOf(id, rows, WINDOW);
        const counted = metrics[id].excluded.reduce(
          (n, { count }) => n + count,
          0,
        );
        expect([id, listed.length]).toEqual([id, counted]);
      }
    });
  });

  it('of a window are the sum of those of its halves', () => {
    each((facts, choices) => {
      const middle = MONDAY + 35 * DAY;
      const parts: TimeWindow[] = [
        { from: WINDOW.from, to: middle },
        { from: middle, to: WINDOW.to },
      ];
      const [whole, ...halves] = [WINDOW, ...parts].map(
        window => computeDora(facts, choices, window).metrics,
      );
      for (const id of DORA_METRICS) {
        const n = halves.reduce((sum, half) => sum + half[id].n, 0);
        const hits = halves.reduce(
          (sum, half) => sum + (half[id].hits ?? 0),
          0,
        );
        expect([id, n, hits]).toEqual([id, whole[id].n, whole[id].hits ?? 0]);
      }
    });
  });

  it('are the same a number of weeks later', () => {
    fc.assert(
      fc.property(
        arbitraryFacts(),
        settings,
        fc.integer({ min: -200, max: 200 }),
        (facts, choices, weeks) => {
          const ms = weeks * WEEK;
          const later = computeDora(shifted(facts, ms), choices, {
            from: WINDOW.from + ms,
            to: WINDOW.to + ms,
          });
          expect(numbers(later)).toEqual(
            numbers(computeDora(facts, choices, WINDOW)),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('do not depend on the order of the facts, nor on telling them twice', () => {
    each((facts, choices) => {
      const again: DoraFacts = {
        ...facts,
        services: [...facts.services].reverse(),
        deployments: [...facts.deployments, ...facts.deployments].reverse(),
        commits: [...facts.commits].reverse(),
        changes: [...facts.changes].reverse(),
        incidents: [...facts.incidents].reverse(),
        overrides: [...facts.overrides].reverse(),
      };
      expect(numbers(computeDora(again, choices, WINDOW))).toEqual(
        numbers(computeDora(facts, choices, WINDOW)),
      );
    });
  });

  it('do not move with an incident of another service', () => {
    each((facts, choices) => {
      const foreign = incident('foreign', MONDAY + 20 * DAY, {
        service: 'component:default/elsewhere',
        resolvedAt: undefined,
      });
      const more = { ...facts, incidents: [...facts.incidents, foreign] };
      const rates = (given: DoraFacts) =>
        numbers(computeDora(given, choices, WINDOW)).map(
          ({ excluded, ...rest }) => rest,
        );
      expect(rates(more)).toEqual(rates(facts));
    });
  });
});

describe('very few facts', () => {
  const choices = doraSettingsSchema.parse({});

  it('no deployment: nothing is known', () => {
    const { metrics } = computeDora(doraFacts(), choices, WINDOW);
    for (const id of DORA_METRICS) {
      const { value, n, rows, details } = metrics[id];
      expect([id, value, n, rows]).toEqual([id, null, 0, []]);
      expect(details.map(detail => detail.value)).toEqual(
        details.map(() => null),
      );
    }
  });

  it('one deployment: one row, and no rate is made up', () => {
    const one = deployed('d', MONDAY + 77 * DAY + HOUR);
    const { metrics } = computeDora(
      doraFacts({ deployments: [one] }),
      choices,
      WINDOW,
    );
    // It was the first one, seven days ago.
    expect(metrics.deployment_frequency).toMatchObject({
      value: 1 / 7,
      rows: ['d'],
    });
    const unsure = doraFacts({
      deployments: [one],
      services: [{ service: one.service }],
    });
    expect(
      computeDora(unsure, choices, WINDOW).metrics.deployment_frequency.value,
    ).toBe(1 / 84);
    expect(metrics.change_fail_rate).toMatchObject({ value: 0, hits: 0, n: 1 });
    expect(metrics.lead_time.value).toBeNull();
    expect(metrics.recovery_time.value).toBeNull();
    expect(metrics.deployment_duration.value).toBe(10 * 60_000);
  });
});
