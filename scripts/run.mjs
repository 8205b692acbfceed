/**
 * The one door to everything: `node scripts/run.mjs <verb>`. Needs nothing but Node 18 and npm; it gets the rest itself.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { ROOT } from './lib/paths.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

const TRANSFORM = ['--require', '@backstage/cli-node/config/nodeTransform.cjs'];

const VERBS = {
  start: {
    file: 'scripts/start.mjs',
    help: 'portal and sandbox, ready to use',
  },
  dev: { file: 'scripts/dev.mjs', help: 'portal with hot reload, and sandbox' },
  test: {
    file: 'scripts/test.mjs',
    help: 'npm: every test; yarn: the fast ones',
  },
  bench: { file: 'bench/index.mjs', help: 'the benchmarks, as one table' },
  sandbox: {
    file: 'packages/sandbox/src/cli.ts',
    args: TRANSFORM,
    help: 'push, fail, fault … (yarn sandbox --help)',
  },
  replay: {
    file: 'scripts/replay.mjs',
    help: 'signs and posts a webhook payload: yarn replay <file|event>',
  },
  openapi: {
    file: 'scripts/print-openapi.ts',
    args: TRANSFORM,
    help: 'prints openapi.yaml from the contract',
  },
  dora: {
    file: 'scripts/dora.ts',
    args: TRANSFORM,
    help: 'DORA metrics of facts: yarn dora < facts.json',
  },
  conformance: {
    file: 'scripts/conformance.ts',
    args: TRANSFORM,
    help: 'what a pipeline misses: yarn conformance <dir>',
  },
  'sync-workflows': {
    file: 'scripts/sync-workflows.ts',
    args: TRANSFORM,
    help: "renders the platform's workflows into the sandbox",
  },
  screenshots: {
    file: 'scripts/screenshots.mjs',
    help: 'makes the pictures of the documentation',
  },
};

async function main() {
  const [name, ...rest] = process.argv.slice(2);
  const verb = Object.hasOwn(VERBS, name ?? '') ? VERBS[name] : undefined;
  if (!verb) {
    console.log('node scripts/run.mjs <verb>\n');
    for (const [key, { help }] of Object.entries(VERBS)) {
      console.log(`  ${key.padEnd(12)} ${help}`);
    }
    process.exit(name === '--help' ? 0 : 2);
  }
  const { env, node } = ensureToolchain();
  ensureInstalled(env);
  const result = spawnSync(
    node,
    [...(verb.args ?? []), join(ROOT, verb.file), ...rest],
    { cwd: ROOT, env: { ...env, DELIVERY_NODE: node }, stdio: 'inherit' },
  );
  process.exit(result.status ?? 1);
}

main().catch(error => {
  console.error(error.message);
  process.exit(1);
});
