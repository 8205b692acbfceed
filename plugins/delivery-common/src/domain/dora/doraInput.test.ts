import { DEFAULT_DORA_SETTINGS } from '../../contract';
import { readDoraInput } from './doraInput';

const AS_OF = Date.UTC(2026, 10, 20, 12);
const DAY = 86_400_000;

const read = (parts: object) => readDoraInput({ asOf: AS_OF, ...parts });

describe('what yarn dora reads', () => {
  it('needs nothing but the moment of the facts', () => {
    const { facts, settings, window, excluded } = read({});
    expect(facts.asOf).toBe(AS_OF);
    expect(settings).toEqual(DEFAULT_DORA_SETTINGS);
    const to = Date.UTC(2026, 10, 21);
    expect(window).toEqual({ from: to - 90 * DAY, to });
    expect(excluded).toEqual([]);
  });

  it('takes settings that differ, and days of their time zone', () => {
    const { settings, window } = read({
      settings: { timeZone: 'Asia/Kolkata', windows: { revertMs: 5 } },
    });
    expect(settings.windows).toEqual({
      ...DEFAULT_DORA_SETTINGS.windows,
      revertMs: 5,
    });
    expect(window.to).toBe(Date.UTC(2026, 10, 20, 18, 30));
  });

  it('takes a window as numbers or text', () => {
    const from = '2026-03-01T00:00:00+01:00';
    expect(read({ window: { from, to: AS_OF } }).window).toEqual({
      from: Date.UTC(2026, 1, 28, 23),
      to: AS_OF,
    });
  });

  it('keeps what is usable of the rows', () => {
    const { facts, excluded } = read({
      deployments: [{ id: 'd', service: 's', status: 'succeeded' }, { id: 4 }],
    });
    expect(facts.deployments).toHaveLength(1);
    expect(excluded.map(({ reason }) => reason)).toEqual(['malformed']);
  });

  it.each<[unknown, string]>([
    [[], 'Facts must be a JSON object'],
    [{}, 'asOf must be'],
    [
      { asOf: AS_OF, settings: { windows: { revertMs: 'soon' } } },
      'settings.windows.revertMs is not usable',
    ],
    [{ asOf: AS_OF, settings: { colour: 1 } }, 'settings is not usable'],
    [
      { asOf: AS_OF, settings: { timeZone: 'Middle/Earth' } },
      'settings.timeZone is not known',
    ],
    [{ asOf: AS_OF, window: { from: 1 } }, 'window.from and window.to must be'],
    [{ asOf: AS_OF, window: 'all' }, 'window.from and window.to must be'],
    [
      { asOf: AS_OF, window: { from: '2026-03-01', to: AS_OF } },
      'window.from and window.to must be',
    ],
    [{ asOf: AS_OF, window: { from: 5, to: 5 } }, 'must be before'],
    [{ asOf: AS_OF, window: { from: 0, to: 8e14 } }, 'longer than 50 years'],
  ])('says what is wrong with %j', (input, sentence) => {
    expect(() => readDoraInput(input)).toThrow(sentence);
  });
});
