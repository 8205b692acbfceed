import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidItem, parseNewItem } from '../../src/items.ts';

describe('parseNewItem', () => {
  it('takes a title of 200 characters', () => {
    assert.equal(parseNewItem({ title: ` ${'x'.repeat(200)} ` }).length, 200);
  });

  for (const [what, body] of [
    ['no object', null],
    ['a list', []],
    ['no title', {}],
    ['a number', { title: 7 }],
    ['only space', { title: ' \n' }],
    ['too long a title', { title: 'x'.repeat(201) }],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseNewItem(body), InvalidItem);
    });
  }
});
