import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT, TOOLCHAIN } from './paths.mjs';

const NODE_MAJORS = [22, 24];
const YARN = '4.18.1';

/** Fetches one or more packages by name into the toolchain folder, without running any script of theirs. */
export function npmInstall(folder, packages) {
  const result = spawnSync(
    'npm',
    [
      'install',
      '--prefix',
      folder,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      ...packages,
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  if (result.status !== 0) {
    throw new Error(
      `Could not install ${packages.join(
        ' ',
      )} with npm. Check that npm reaches its registry, then run the command again.`,
    );
  }
}

function yarnVersion(path) {
  const result = spawnSync('yarn', ['--version'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/**
 * The environment in which everything else runs: Node 22 or 24 and yarn 4 first in PATH. What the machine lacks is
 * fetched from npm by name (the npm packages hold the binaries themselves).
 *
 * @returns {{env: NodeJS.ProcessEnv, node: string}} environment and the node binary to use
 */
export function ensureToolchain() {
  const packages = [];
  const path = [];
  const nodePackage = `node-${
    process.platform === 'win32' ? 'win' : process.platform
  }-${process.arch}`;
  const nodeBin = join(TOOLCHAIN, 'node_modules', nodePackage, 'bin');
  const yarnBin = join(TOOLCHAIN, 'node_modules', '.bin');
  const ownNode = NODE_MAJORS.includes(
    Number(process.versions.node.split('.')[0]),
  );
  if (!ownNode) {
    if (!existsSync(nodeBin)) packages.push(`${nodePackage}@24`);
    path.push(nodeBin);
  }
  if (!(yarnVersion(process.env.PATH) ?? '').startsWith('4.')) {
    if (!existsSync(join(TOOLCHAIN, 'node_modules', '@yarnpkg', 'cli-dist'))) {
      packages.push(`@yarnpkg/cli-dist@${YARN}`);
    }
    path.push(yarnBin);
  }
  if (packages.length > 0) {
    console.log(`Fetching ${packages.join(' and ')} (once) …`);
    npmInstall(TOOLCHAIN, packages);
  }
  const env = {
    ...process.env,
    PATH: [...path, join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(
      delimiter,
    ),
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
  };
  return { env, node: ownNode ? process.execPath : join(nodeBin, 'node') };
}
