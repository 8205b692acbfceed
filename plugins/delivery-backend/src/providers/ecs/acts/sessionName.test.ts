import fc from 'fast-check';
import { sessionNameOf } from './sessionName';

const ALLOWED = /^[\w+=,.@-]{2,64}$/;
const part = (max: number) =>
  fc.string({
    unit: fc.constantFrom(...'ab.-_@=/:é %A'.split('')),
    maxLength: max,
  });
const refs = fc.oneof(
  fc.tuple(part(8), part(8), part(70)).map(([k, n, x]) => `${k}:${n}/${x}`),
  part(70).map(name => `user:default/${name}`),
  part(6).map(name => `user:${name}/a`),
  // What a name with a hash looks like, as somebody's own name.
  part(70).map(name => `user:default/${sessionNameOf(`user:x/${name}`)}`),
  fc.string({ maxLength: 100 }),
);

describe('the name of a session', () => {
  it('is the name of the person, as long as it can be', () => {
    expect(sessionNameOf('user:default/jane.doe')).toBe('jane.doe');
    expect(sessionNameOf('user:partners/jane.doe')).toBe('jane.doe@partners');
    expect(sessionNameOf(`user:default/${'a'.repeat(63)}`)).toBe(
      'a'.repeat(63),
    );
  });

  it('says that it is not whole, and stays readable', () => {
    expect(sessionNameOf('user:default/jane:doe')).toMatch(
      /^jane_doe=[0-9a-f]{20}$/,
    );
    expect(sessionNameOf('group:default/jane.doe')).toMatch(
      /^jane\.doe=[0-9a-f]{20}$/,
    );
    expect(sessionNameOf('user:default/j')).toMatch(/^j=[0-9a-f]{20}$/);
    expect(sessionNameOf(`user:default/${'a'.repeat(65)}`)).toMatch(
      /^a{43}=[0-9a-f]{20}$/,
    );
  });

  it('is always one that AWS takes', () => {
    fc.assert(
      fc.property(refs, ref => {
        expect(sessionNameOf(ref)).toMatch(ALLOWED);
      }),
    );
  });

  it('is never the same for two people', () => {
    fc.assert(
      fc.property(fc.uniqueArray(refs, { maxLength: 40 }), many => {
        expect(new Set(many.map(sessionNameOf)).size).toBe(many.length);
      }),
      { numRuns: 500 },
    );
  });
});
