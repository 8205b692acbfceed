/**
 * `npm test` runs everything; `yarn test` the part that needs no browser, no Postgres and no portal.
 * Prints one line a step, the output of a step only when it fails, and the sum at the end.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, TOOLCHAIN } from './lib/paths.mjs';
import { findBrowser } from './lib/browser.mjs';
import { ensureApp } from './lib/portal.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { stopAll } from './lib/processes.mjs';
import { npmInstall } from './lib/toolchain.mjs';

const node = process.env.DELIVERY_NODE ?? process.execPath;
const fast =
  process.argv.includes('--fast') ||
  (!process.argv.includes('--all') &&
    (process.env.npm_config_user_agent ?? '').startsWith('yarn'));
const work = mkdtempSync(join(tmpdir(), 'delivery-test-'));
const BUILD_INFO = join(ROOT, 'node_modules/.cache/types.tsbuildinfo');
const totals = { passed: 0, failed: 0, skipped: 0 };
const failedSteps = [];

function run(command, args, env = {}) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, BACKSTAGE_TEST_DISABLE_DOCKER: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', chunk => (output += chunk));
    child.stderr.on('data', chunk => (output += chunk));
    child.on('error', error => resolve({ ok: false, output: String(error) }));
    child.on('exit', code => resolve({ ok: code === 0, output }));
  });
}

async function step(name, body) {
  const began = Date.now();
  process.stdout.write(`${name} … `);
  let result;
  try {
    result = await body();
  } catch (error) {
    result = { ok: false, output: error.stack ?? String(error) };
  }
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(
    `${result.ok ? 'ok' : 'FAILED'} (${seconds} s${
      result.note ? `, ${result.note}` : ''
    })`,
  );
  if (!result.ok) {
    failedSteps.push(name);
    console.log(result.output);
  }
}

/** Counts what a Jest run says of itself. */
async function jest(args, env) {
  const report = join(work, `jest-${Date.now()}.json`);
  const result = await run(
    'backstage-cli',
    ['repo', 'test', '--no-watch', '--json', `--outputFile=${report}`, ...args],
    { NODE_OPTIONS: '--no-warnings', CI: '1', ...env },
  );
  if (!existsSync(report)) return { ok: false, output: result.output };
  const json = JSON.parse(readFileSync(report, 'utf8'));
  totals.passed += json.numPassedTests;
  totals.failed += json.numFailedTests + json.numRuntimeErrorTestSuites;
  totals.skipped += json.numPendingTests;
  return {
    ok: result.ok && json.numPassedTests > 0,
    output: result.output,
    note: `${json.numPassedTests} tests in ${json.numTotalTestSuites} files`,
  };
}

/** GitHub's own OpenAPI description is 385 MB on disk, so it is fetched for this test alone. */
function ensureSchemas() {
  const folder = join(TOOLCHAIN, 'schemas');
  const file = join(
    folder,
    'node_modules/@octokit/openapi/generated/api.github.com.json',
  );
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    npmInstall(folder, ['@octokit/openapi@23.0.2']);
  }
  return file;
}

async function endToEnd() {
  const report = join(work, 'playwright.json');
  const browser = await findBrowser();
  const result = await run(
    'playwright',
    ['test', '--config', 'e2e/playwright.config.ts'],
    {
      CHROMIUM_PATH: browser,
      DELIVERY_NODE: node,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    },
  );
  if (!existsSync(report)) return { ok: false, output: result.output };
  const { stats } = JSON.parse(readFileSync(report, 'utf8'));
  totals.passed += stats.expected;
  totals.failed += stats.unexpected + stats.flaky;
  totals.skipped += stats.skipped;
  // A test that passes only on a second try is a defect too.
  return {
    ok: result.ok && stats.flaky === 0 && stats.expected > 0,
    output: result.output,
    note: `${stats.expected} tests`,
  };
}

async function noHostsInLockFile() {
  const lock = readFileSync(join(ROOT, 'yarn.lock'), 'utf8');
  return {
    ok: !lock.includes('://'),
    output: 'yarn.lock must not name any host.',
  };
}

async function main() {
  const began = Date.now();
  await step('lock file', noHostsInLockFile);
  await step('types', () =>
    run('tsc', [
      '--noEmit',
      // The fast part is run again and again: what did not change is not looked at again.
      ...(fast
        ? ['--incremental', '--tsBuildInfoFile', BUILD_INFO]
        : ['--incremental', 'false']),
    ]),
  );
  await step('lint', () =>
    run('backstage-cli', ['repo', 'lint', '--max-warnings', '0']),
  );
  await step('rules of the architecture', () =>
    run(node, ['scripts/try-rules.mjs']),
  );
  if (!fast) {
    await step('format', () => run('prettier', ['--check', '.']));
    await step('openapi.yaml', () =>
      run(node, [
        '--require',
        '@backstage/cli-node/config/nodeTransform.cjs',
        'scripts/print-openapi.ts',
        '--check',
      ]),
    );
    await step('workflows of the sandbox', () =>
      run(node, [
        '--require',
        '@backstage/cli-node/config/nodeTransform.cjs',
        'scripts/sync-workflows.ts',
        '--check',
      ]),
    );
    await step('configuration', () =>
      run('backstage-cli', [
        'config:check',
        '--lax',
        '--strict',
        '--config',
        'app-config.production.yaml',
      ]),
    );
  }
  if (fast) {
    // Left to `npm test`: what says in its name that it takes long, properties, threats, and the sandbox.
    const brief = [
      '/node_modules/',
      '\\.(long|property)\\.test\\.',
      '/src/threats/',
      '/packages/sandbox/',
    ].flatMap(pattern => ['--testPathIgnorePatterns', pattern]);
    await step('tests', () => jest(brief, {}));
  } else {
    const postgres = await startPostgres();
    await step('tests (SQLite and Postgres)', () => {
      const env = {
        BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING: postgres.url,
        DELIVERY_TEST_POSTGRES: postgres.url,
        GITHUB_OPENAPI_FILE: ensureSchemas(),
      };
      return jest([], env);
    });
    await postgres.stop();
    await step('bundle', async () => {
      ensureApp(process.env);
      return { ok: true };
    });
    await step('journeys in a browser', endToEnd);
  }
  rmSync(work, { recursive: true, force: true });
  console.log(`\nAll of it took ${Math.round((Date.now() - began) / 1000)} s.`);
  if (failedSteps.length > 0) console.log(`Failed: ${failedSteps.join(', ')}.`);
  console.log(
    `${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`,
  );
  process.exitCode = failedSteps.length > 0 ? 1 : 0;
}

main()
  .catch(error => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(stopAll);
