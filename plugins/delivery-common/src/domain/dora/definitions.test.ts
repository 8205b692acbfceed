import { DORA_METRICS, doraSettingsSchema } from '../../contract';
import { definitionOf } from './definitions';
import { doraSettingsHash } from './settingsHash';

const OSLO = doraSettingsSchema.parse({ timeZone: 'Europe/Oslo' });
/** 22 August to 20 November, midnights in Oslo on both sides of the change of clocks. */
const WINDOW = {
  from: Date.UTC(2026, 7, 21, 22),
  to: Date.UTC(2026, 10, 20, 23),
};

describe('definitions', () => {
  it('say what is counted, with the dates of the window', () => {
    expect(definitionOf('change_fail_rate', OSLO, WINDOW)).toBe(
      'Share of deployments to production between 22 Aug and 20 Nov that failed there. A deployment counts as failed at most once, on the strongest evidence; rollbacks are shown apart. Deployments younger than 72 h may still change.',
    );
    expect(definitionOf('lead_time', OSLO, WINDOW)).toBe(
      'Median time from the first commit of a change to the first successful deployment to production that contains it, of what was first deployed between 22 Aug and 20 Nov. A change counts once: a rollback or another deployment does not move it.',
    );
  });

  it('follow the settings', () => {
    const other = doraSettingsSchema.parse({
      leadTimeStart: 'pr_merged',
      percentileMethod: 'lower',
      includeRollbacks: true,
      includeBots: false,
      changeFailDenominator: 'succeeded',
      evidence: { incidentByTime: false, hotfixed: false },
      windows: { revertMs: null },
    });
    const lead = definitionOf('lead_time', other, WINDOW);
    expect(lead).toContain('Median (the lower of two middle values) time');
    expect(lead).toContain('from the merge of a change');
    expect(lead).toContain('Changes of bots are left out.');
    const rate = definitionOf('change_fail_rate', other, WINDOW);
    expect(rate).toContain('rollbacks count as deployments.');
    expect(rate).toContain('never succeeded are left out on both sides');
    expect(rate).toContain(
      'Not taken as evidence: hotfixes, incidents by time.',
    );
    expect(rate).toContain('Late evidence may still change it.');
    expect(definitionOf('deployment_frequency', other, WINDOW)).toContain(
      'Rollbacks count, too',
    );
  });

  it('wait only for evidence that is taken', () => {
    const settings = doraSettingsSchema.parse({
      evidence: { reverted: false },
      windows: { hotfixMs: 90 * 60_000, rollbackMs: 0, incidentMs: 0 },
    });
    expect(definitionOf('change_fail_rate', settings, WINDOW)).toContain(
      'younger than 1 h 30 min may',
    );
  });

  it('name years where there are two, and one day as one', () => {
    const turn = { from: Date.UTC(2026, 11, 1), to: Date.UTC(2027, 0, 31) };
    const utc = doraSettingsSchema.parse({});
    expect(definitionOf('rollback_frequency', utc, turn)).toContain(
      'between 1 Dec 2026 and 30 Jan 2027',
    );
    const day = { from: turn.from, to: turn.from + 86_400_000 };
    expect(definitionOf('rollback_frequency', utc, day)).toContain('on 1 Dec.');
  });

  it('are there for every metric', () => {
    const all = DORA_METRICS.map(id => definitionOf(id, OSLO, WINDOW));
    expect(new Set(all).size).toBe(DORA_METRICS.length);
    for (const text of all) expect(text).toMatch(/^[A-Z].*22 Aug.*\.$/);
  });
});

describe('the hash of the settings', () => {
  it('is that of the choices, not of the way they are written', () => {
    const { timeZone, ...rest } = OSLO;
    expect(doraSettingsHash({ ...rest, timeZone })).toBe(
      doraSettingsHash(OSLO),
    );
    expect(doraSettingsHash(OSLO)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('differs with every choice', () => {
    const hashes = [
      {},
      { timeZone: 'UTC ' },
      { includeRollbacks: true },
      { windows: { incidentMs: null } },
      { windows: { incidentMs: 1 } },
      { evidence: { hotfixed: false } },
    ].map(part => doraSettingsHash(doraSettingsSchema.parse(part)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
