import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';

/**
 * Runs a TypeScript program in a process of its own and gives the last line of its output, parsed. Lines of its errors that match `tell`
 * are logged.
 */
export function inOwnProcess(file, args, { log, tell }) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.env.DELIVERY_NODE ?? process.execPath,
      [
        '--require',
        '@backstage/cli-node/config/nodeTransform.cjs',
        join(ROOT, file),
        ...args.map(String),
      ],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const end = () => child.kill('SIGKILL');
    process.on('exit', end);
    let out = '';
    let words = '';
    child.stdout.on('data', chunk => (out += chunk));
    child.stderr.on('data', chunk => {
      words += chunk;
      for (const line of String(chunk).split('\n')) {
        if (tell.test(line)) log(line);
      }
    });
    child.on('exit', code => {
      process.off('exit', end);
      if (code === 0) resolve(JSON.parse(out.trim().split('\n').at(-1)));
      else reject(new Error(`${file} ended with ${code}: ${words}`));
    });
  });
}
