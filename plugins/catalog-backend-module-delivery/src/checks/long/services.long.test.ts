import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Ended,
  npmCi,
  npmFolders,
  pythonFor,
  runIn,
} from '../__testUtils__/install';
import { describeRendered } from '../__testUtils__/rendered';

jest.setTimeout(20 * 60_000);

const skip = (reason: string) => process.stderr.write(`Skipped: ${reason}.\n`);

/** Empty when a command succeeded, else the end of its log, where the reason stands. */
const problem = (what: string, { code, log }: Ended) =>
  code === 0 ? '' : `${what} ended with ${code}: ${log.slice(-4_000)}`;

const scriptsOf = (folder: string) =>
  (
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      scripts?: Record<string, string>;
    }
  ).scripts ?? {};

describeRendered('in a clean folder', (repository, id) => {
  it('npm ci, npm test, and what synthesises or builds', () => {
    for (const path of npmFolders(repository())) {
      const folder = join(repository(), path);
      const installed = npmCi(folder);
      if (installed.code !== 0 && installed.unreachable) {
        skip(
          `${id}/${path} could not be installed, the registry of npm does not answer`,
        );
        continue;
      }
      expect(problem(`npm ci in ${path}`, installed)).toBe('');
      const scripts = scriptsOf(folder);
      const wanted = [
        'format:check',
        'lint',
        'typecheck',
        'types',
        'test',
        'build',
        'synth',
      ];
      for (const name of wanted.filter(item => item in scripts)) {
        expect(
          problem(
            `npm run ${name} in ${path}`,
            runIn(folder, 'npm', ['run', name]),
          ),
        ).toBe('');
      }
    }
  });

  it('pytest', () => {
    if (!existsSync(join(repository(), 'pyproject.toml'))) return;
    const found = pythonFor(repository());
    if ('reason' in found) {
      skip(`${id}: ${found.reason}`);
      return;
    }
    const ended = runIn(repository(), found.python, [
      '-m',
      'pytest',
      '-q',
      'tests/unit',
    ]);
    expect(problem('pytest', ended)).toBe('');
  });
});
