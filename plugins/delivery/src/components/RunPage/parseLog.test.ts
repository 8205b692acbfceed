import { LOG } from '../../../dev/fixtures';
import { findLines, parseLog, unfolded } from './parseLog';

describe('parseLog', () => {
  it('keeps the numbers of the vendor and takes marks, moments and colours apart', () => {
    expect(parseLog(LOG)).toEqual([
      { number: 1, time: '14:02:11', kind: 'group', text: 'Set up' },
      {
        number: 2,
        time: '14:02:11',
        kind: 'plain',
        group: 1,
        text: 'runner 2.330.0',
      },
      {
        number: 3,
        time: '14:02:11',
        kind: 'plain',
        group: 1,
        text: 'image ubuntu-24.04',
      },
      { number: 5, time: '14:02:13', kind: 'command', text: 'npm run scan' },
      { number: 6, time: '14:02:31', kind: 'plain', text: 'one finding' },
      {
        number: 7,
        time: '14:02:44',
        kind: 'error',
        text: 'refund.ts:14 unsafe query',
      },
      { number: 8, time: '14:02:46', kind: 'plain', text: 'done' },
    ]);
  });

  it('keeps a mark it does not know as text', () => {
    expect(parseLog('##[sparkle]x')[0]).toMatchObject({
      kind: 'plain',
      text: '##[sparkle]x',
    });
  });

  it('reads workflow commands with parameters', () => {
    expect(parseLog('::error file=a.ts,line=1::broken')[0]).toMatchObject({
      kind: 'error',
      text: 'broken',
    });
  });

  it('leaves out the lines of folded groups and finds lines by text', () => {
    const lines = parseLog(LOG);
    expect(unfolded(lines, new Set([1])).map(l => l.number)).toEqual([
      1, 5, 6, 7, 8,
    ]);
    expect(findLines(lines, 'RUNNER').map(l => l.number)).toEqual([2]);
    expect(findLines(lines, '')).toEqual([]);
  });

  it('has no lines for an empty log', () => {
    expect(parseLog('')).toEqual([]);
  });
});
