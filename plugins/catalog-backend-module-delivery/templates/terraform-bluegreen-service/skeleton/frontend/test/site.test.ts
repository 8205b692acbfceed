import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createSite } from '../server/app.ts';

describe('the site', () => {
  let folder: string;
  let root: string;
  let site: Server;
  let url: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'site-'));
    root = join(folder, 'public');
    await mkdir(root);
    await writeFile(join(folder, 'secret.txt'), 'outside');
    await writeFile(join(root, 'index.html'), '<h1>page</h1>');
    await writeFile(join(root, 'app.js'), '1');
    site = createSite(root);
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  });

  after(async () => {
    site.close();
    await rm(folder, { recursive: true });
  });

  /** `fetch` would tidy the path before it is sent. */
  const rawStatus = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`${url}`, { path }, (response: IncomingMessage) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });

  it('is healthy', async () => {
    const response = await fetch(`${url}/health`);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { status: 'ok' });
  });

  it('serves the page with headers that keep strange scripts out', async () => {
    const response = await fetch(`${url}/?q=1`);
    assert.equal(await response.text(), '<h1>page</h1>');
    assert.match(
      response.headers.get('content-security-policy') ?? '',
      /default-src 'self'/,
    );
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  });

  it('serves files with their type and routes of the page with the page', async () => {
    assert.match(
      (await fetch(`${url}/app.js`)).headers.get('content-type') ?? '',
      /^text\/javascript/,
    );
    assert.equal(await (await fetch(`${url}/items/7`)).text(), '<h1>page</h1>');
    assert.equal((await fetch(`${url}/missing.js`)).status, 404);
  });

  it('does not leave its folder', async () => {
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/%00',
      '/%',
    ]) {
      assert.equal(await rawStatus(path), 404, path);
    }
  });

  it('only reads', async () => {
    assert.equal((await fetch(url, { method: 'POST' })).status, 405);
  });
});
