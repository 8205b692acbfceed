import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  portalEnvironment,
  startBackend,
  startSandbox,
} from '../scripts/lib/portal.mjs';
import { freePort } from '../scripts/lib/postgres.mjs';
import {
  chooseBundle,
  ensureBundles,
  gzipOf,
  wholeBundle,
} from './lib/benchApp.mjs';
import { percentile } from './lib/load.mjs';
import { openBrowser } from './lib/tabPage.mjs';

const CONFIGS = ['app-config.yaml', 'packages/bench-app/app-config.yaml'];
const PANEL_ONLY = [...CONFIGS, 'packages/bench-app/app-config.panel.yaml'];
const SERVICE = '/catalog/default/component/vaultex-api';
const PLAIN = { path: `${SERVICE}/plain`, row: '[data-testid="plain"]' };
const OURS = { path: `${SERVICE}/delivery`, row: 'tr[data-run]' };
const THEIRS = {
  path: `${SERVICE}/github-actions`,
  row: 'td a[href*="/github-actions/"]',
};
const PANELS = ['Environments', 'DORA', 'Audit'];
const TARGETS = { bytes: 1.5, time: 0.5 };

const kib = bytes => `${Math.round(bytes / 1024)} KiB`;
const median = values => percentile(values, 0.5);
const sizeOf = (bundle, scripts) =>
  [...new Set(scripts)].reduce((sum, one) => sum + gzipOf(bundle, one), 0);

/** Starts the portal with one of the bundles, for as long as `measure` takes. */
async function serving(
  bundle,
  { node, env, dataDir, configs = CONFIGS },
  measure,
) {
  chooseBundle(bundle);
  const backend = await startBackend(node, env, dataDir, configs);
  try {
    return await measure(bundle);
  } finally {
    await backend.stop();
  }
}

/** Bytes of the scripts a tab asks for before its first content; of several visits the most. */
async function firstBytes(browser, bundle, { path, row }, visits) {
  const sizes = [];
  for (let index = 0; index < visits; index += 1) {
    const { scripts } = await browser.visit(path, row);
    sizes.push(sizeOf(bundle, scripts));
  }
  return Math.max(...sizes);
}

/** All that our tab has loaded once it is at rest, and after each panel that was chosen. */
async function laterBytes(browser, bundle) {
  const later = [];
  const look = async ({ page, scripts }) => {
    const note = async name => {
      await page.waitForLoadState('networkidle');
      later.push({ name, bytes: sizeOf(bundle, scripts) });
    };
    await note('at rest');
    for (const name of PANELS) {
      await page.getByRole('tab', { name, exact: true }).click();
      await note(name);
    }
  };
  await browser.visit(OURS.path, OURS.row, look);
  return later;
}

/** Cold visits of both tabs in turn, in one portal that has both. */
async function times(browser, count) {
  const seen = { plain: [], ours: [], theirs: [] };
  const tabs = { plain: PLAIN, ours: OURS, theirs: THEIRS };
  for (let index = -1; index < count; index += 1) {
    for (const [name, { path, row }] of Object.entries(tabs)) {
      const { contentMs } = await browser.visit(path, row);
      // The first round is the server's own warming up.
      if (index >= 0) seen[name].push(contentMs);
    }
  }
  return seen;
}

async function measureAll({ quick, log }) {
  const node = process.env.DELIVERY_NODE ?? process.execPath;
  const dataDir = mkdtempSync(join(tmpdir(), 'delivery-b7-'));
  const env = portalEnvironment(process.env, {
    dataDir,
    portalPort: await freePort(),
    sandboxPort: await freePort(),
    awsPort: await freePort(),
  });
  const sandbox = await startSandbox(node, env, dataDir);
  const browser = await openBrowser({
    portalUrl: `http://localhost:${env.PORTAL_PORT}`,
    person: 'dana',
  });
  const visits = quick ? 1 : 3;
  const portal = { node, env, dataDir };
  try {
    const seen = await serving('both', portal, async () => {
      await browser.signIn(THEIRS.path, THEIRS.row);
      await browser.signIn(OURS.path, OURS.row);
      return times(browser, quick ? 3 : 15);
    });
    for (const [name, values] of Object.entries(seen)) {
      log(`${name}: ${values.map(Math.round).join(' ')} ms`);
    }
    const plain = await serving('neither', portal, bundle =>
      firstBytes(browser, bundle, PLAIN, visits),
    );
    const theirs = await serving('theirs', portal, bundle =>
      firstBytes(browser, bundle, THEIRS, visits),
    );
    const [ours, later] = await serving('ours', portal, async bundle => [
      await firstBytes(browser, bundle, OURS, visits),
      await laterBytes(browser, bundle),
    ]);
    const panel = await serving(
      'ours',
      { ...portal, configs: PANEL_ONLY },
      bundle => firstBytes(browser, bundle, OURS, visits),
    );
    return { seen, plain, theirs, ours, later, panel };
  } finally {
    await browser.close();
    await sandbox.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Scripts and time until the first run is there, beside another plugin that shows the same runs. */
export default async function measure({ quick, log }) {
  ensureBundles(log);
  const { seen, plain, theirs, ours, later, panel } = await measureAll({
    quick,
    log,
  });
  const beyond = bytes => bytes - plain;
  const bytesRatio = beyond(ours) / beyond(theirs);
  const ms = Object.fromEntries(
    Object.entries(seen).map(([name, values]) => [name, median(values)]),
  );
  const timeRatio = ms.ours / ms.theirs;
  const panels = later
    .slice(1)
    .map(
      ({ name, bytes }, index) => `${name} ${kib(bytes - later[index].bytes)}`,
    );
  const whole = name => kib(wholeBundle(name) - wholeBundle('neither'));
  return [
    {
      figure:
        'JavaScript (gzip) until the first run of the Delivery tab is there, beyond that of a tab with nothing in it, as a multiple of the same for `@backstage-community/plugin-github-actions`',
      seen: `${bytesRatio.toFixed(2)}× (${kib(beyond(ours))} and ${kib(
        beyond(theirs),
      )}; the portal alone ${kib(plain)})`,
      target: `≤ ${TARGETS.bytes}×`,
      ok: bytesRatio <= TARGETS.bytes,
    },
    {
      figure: `from the navigation to the first run, nothing cached, median of ${seen.ours.length} visits, as a multiple of the same for the other plugin in the same portal, whose GitHub answers from this machine`,
      seen: `${timeRatio.toFixed(2)}× (${Math.round(ms.ours)} and ${Math.round(
        ms.theirs,
      )} ms; a tab with nothing in it ${Math.round(ms.plain)} ms)`,
      target: `≤ ${TARGETS.time}×`,
      ok: timeRatio <= TARGETS.time,
    },
    {
      figure:
        'the same JavaScript without what is above the panels; what the tab at rest has more than before its first run; each other panel when it is chosen',
      seen: `${kib(beyond(panel))}; ${kib(
        later[0].bytes - ours,
      )}; ${panels.join(', ')}`,
    },
    {
      figure:
        'JavaScript (gzip) of all that the bundle of a portal has more with the plugin in it, and with the other plugin',
      seen: `${whole('ours')}, ${whole('theirs')}`,
    },
  ];
}
