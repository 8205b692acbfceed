import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderItems } from '../src/view.ts';

describe('the list', () => {
  it('says when it is empty', () => {
    assert.match(renderItems([]), /Nothing here yet/);
  });

  it('shows titles as text, never as HTML', () => {
    const html = renderItems([
      {
        id: '1',
        title: `<img src=x onerror="a('&')">`,
        createdAt: '2026-02-03T04:05:06.000Z',
      },
    ]);
    assert.equal(
      html,
      '<li>&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;<time datetime="2026-02-03">2026-02-03</time></li>',
    );
  });

  it('leaves out a date that is none', () => {
    assert.match(
      renderItems([{ id: '1', title: 'x', createdAt: '"><script>' }]),
      /<time datetime=""><\/time>/,
    );
  });
});
