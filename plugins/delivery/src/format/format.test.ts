import { mockApis } from '@backstage/frontend-test-utils';
import { SCRIPT_URL } from '../../dev/fixtures';
import { deliveryTranslationRef } from '../translation/deliveryTranslationRef';
import {
  formatAgo,
  formatBytes,
  formatDuration,
  formatEstimate,
} from './duration';
import { plainText, shortSha } from './plainText';
import { hostLabel, safeUrl } from './safeUrl';

const snapshot = mockApis.translation().getTranslation(deliveryTranslationRef);
if (!snapshot.ready) throw new Error('Translations are not ready');
const { t } = snapshot;
const S = 1000;
const M = 60 * S;
const H = 60 * M;

describe('format', () => {
  it.each([
    [-5, '0s'],
    [48 * S, '48s'],
    [4 * M + 2 * S, '4m 02s'],
    [59 * M + 59.9 * S, '59m 59s'],
    [3 * H + 5 * M, '3h 05m'],
    [52 * H, '2d 4h'],
  ])('writes a duration of %d ms as %s', (ms, words) => {
    expect(formatDuration(ms, t)).toBe(words);
  });

  it.each([
    [1, 'about 10 s'],
    [31 * S, 'about 40 s'],
    [4 * M, 'about 4 m'],
    [80 * M, 'about 1 h 20 m'],
  ])('writes an estimate of %d ms as %s', (ms, words) => {
    expect(formatEstimate(ms, t)).toBe(words);
  });

  it.each([
    [-10 * S, 'just now'],
    [12 * S, '12 s ago'],
    [19 * M, '19 min ago'],
    [2 * H, '2 h ago'],
    [26 * H, 'yesterday'],
    [72 * H, '3 days ago'],
  ])('writes %d ms ago as %s', (ago, words) => {
    expect(formatAgo(1e12 - ago, 1e12, t)).toBe(words);
  });

  it.each([
    [812, '812 B'],
    [4_200_000, '4.2 MB'],
    [48_200, '48 kB'],
  ])('writes %d bytes as %s', (bytes, words) => {
    expect(formatBytes(bytes, t)).toBe(words);
  });

  it('links only to the web', () => {
    expect(safeUrl('https://github.com/a')).toBe('https://github.com/a');
    expect(safeUrl(SCRIPT_URL)).toBeUndefined();
    expect(safeUrl('data:text/html,x')).toBeUndefined();
    expect(safeUrl('/relative')).toBeUndefined();
    expect(safeUrl(undefined)).toBeUndefined();
  });

  it('names where a link leads', () => {
    expect(hostLabel('https://github.com/a')).toBe('GitHub');
    expect(hostLabel('https://github.acme.example/a')).toBe('GitHub');
    expect(hostLabel('http://127.0.0.1:7011/a')).toBe('127.0.0.1:7011');
    expect(hostLabel('https://notgithub.com/a')).toBe('notgithub.com');
    expect(hostLabel('https://eu-west-1.console.aws.amazon.com/ecs')).toBe(
      'AWS',
    );
    expect(hostLabel('https://console.aws.amazon.com.bad.example/')).toBe(
      'console.aws.amazon.com.bad.example',
    );
  });

  it('takes out what makes text look like something else', () => {
    expect(plainText('a\u202Eb\u0007c')).toBe('abc');
    expect(shortSha('0123456789')).toBe('0123456');
  });
});
