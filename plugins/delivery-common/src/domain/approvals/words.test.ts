import { listed, loginOf, reviewerNames, spanInWords, utc } from './words';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('words', () => {
  it.each([
    [0, '1 second'],
    [1, '1 second'],
    [4_001, '5 seconds'],
    [59_001, '60 seconds'],
    [MINUTE + 1, '2 minutes'],
    [59 * MINUTE + 1, '1 hour'],
    [HOUR, '1 hour'],
    [90 * MINUTE, '1 hour 30 minutes'],
    [25 * HOUR, '25 hours'],
    [2 * DAY, '2 days'],
    [2 * DAY + 3 * HOUR + MINUTE, '2 days 3 hours'],
    [30 * DAY, '30 days'],
  ])('%d ms is %s', (ms, words) => {
    expect(spanInWords(ms)).toBe(words);
  });

  it('lists a few names and counts the others', () => {
    expect(listed([])).toBe('');
    expect(listed(['a', 'b'])).toBe('a, b');
    expect(listed([...'abcdefgh'])).toBe('a, b, c, d, e, f and 2 more');
  });

  it('names reviewers on one line, teams without organization', () => {
    expect(
      reviewerNames([
        { kind: 'team', id: '1', name: 'acme/payments' },
        { kind: 'user', id: '2', name: 'cl\teo\n\u202e' },
        { kind: 'unknown', id: '3', name: '' },
      ]),
    ).toBe('payments, cl eo, 3');
  });

  it('names an account without a name by its number', () => {
    expect(loginOf({ id: '7' })).toBe('account 7');
    expect(loginOf({ id: '7', login: 'pat' })).toBe('pat');
  });

  it.each([
    [Date.UTC(2027, 0, 2, 8, 0, 59), '2027-01-02 08:00 UTC'],
    [NaN, 'an unknown time'],
    [1e20, 'an unknown time'],
  ])('%d is %s', (at, words) => {
    expect(utc(at)).toBe(words);
  });
});
