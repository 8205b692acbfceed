import { decodeCursor, encodeCursor } from './runCursor';

describe('cursor of a list', () => {
  it('reads what it wrote, in words that need no escaping', () => {
    const cursor = { createdAt: 1_795_000_000_000, runKey: 'github.12' };
    const text = encodeCursor(cursor);
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(text)).toEqual(cursor);
  });

  it.each([
    '',
    'abc',
    Buffer.from('[1]').toString('base64url'),
    Buffer.from('["1","gh.1"]').toString('base64url'),
    Buffer.from('[-1,"gh.1"]').toString('base64url'),
    Buffer.from('[1,"gh.1",2]').toString('base64url'),
  ])('refuses "%s"', text => {
    expect(() => decodeCursor(text)).toThrow('start again without it');
  });
});
