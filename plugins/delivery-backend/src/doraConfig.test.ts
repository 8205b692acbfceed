import { ConfigReader } from '@backstage/config';
import { DEFAULT_DORA_SETTINGS } from 'backstage-plugin-delivery-common';
import { readDora } from './doraConfig';

const read = (dora?: unknown) =>
  readDora(new ConfigReader({ delivery: { dora } } as never));
const HOUR = 3_600_000;

describe('readDora', () => {
  it('needs nothing', () => {
    expect(read()).toEqual({
      settings: DEFAULT_DORA_SETTINGS,
      incidentLabels: ['incident'],
      targets: [],
    });
  });

  it('reads what is written and leaves the rest as it is', () => {
    expect(
      read({
        timeZone: 'Europe/Oslo',
        leadTimeStart: 'pr_merged',
        evidence: { incidentByTime: false },
        windows: { incident: 'never', rollback: '2h' },
        incidents: { labels: ['Outage', 'outage', 'sev1'] },
        targets: [
          { metric: 'lead_time', value: '24h', year: 2026 },
          { metric: 'change_fail_rate', value: 0.1, year: 2026 },
        ],
      }),
    ).toEqual({
      settings: {
        ...DEFAULT_DORA_SETTINGS,
        timeZone: 'Europe/Oslo',
        leadTimeStart: 'pr_merged',
        evidence: { ...DEFAULT_DORA_SETTINGS.evidence, incidentByTime: false },
        windows: {
          ...DEFAULT_DORA_SETTINGS.windows,
          incidentMs: null,
          rollbackMs: 2 * HOUR,
        },
      },
      incidentLabels: ['outage', 'sev1'],
      targets: [
        { metric: 'lead_time', value: 24 * HOUR, year: 2026 },
        { metric: 'change_fail_rate', value: 0.1, year: 2026 },
      ],
    });
  });

  it.each([
    [{ timeZone: 'Mars/Base' }, 'delivery.dora.timeZone: must be a time zone'],
    [{ windows: { revert: 'soon' } }, 'delivery.dora.windows.revert: must be'],
    [{ leadTimeStart: 'idea' }, 'delivery.dora.leadTimeStart'],
    [{ tiers: 'elite' }, 'delivery.dora: Unrecognized key'],
    [
      { targets: [{ metric: 'lead_time', value: 3, year: 2026 }] },
      "targets[0].value of lead_time must be a duration, for example '24h'",
    ],
    [
      { targets: [{ metric: 'rework_rate', value: '24h', year: 2026 }] },
      'targets[0].value of rework_rate must be a number, for example 0.15',
    ],
  ])('refuses %j and names the key', (dora, sentence) => {
    expect(() => read(dora)).toThrow(sentence);
  });
});
