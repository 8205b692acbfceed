/**
 * `yarn conformance <dir>`: holds the pipeline of a checkout against the rules and prints what misses. A checkout does not hold the
 * settings of environments: `--settings file.json` brings them, `--called owner/repository=dir` the reusable workflows of a repository.
 * Ends with 1 when a rule fails, with 2 when it was called wrongly.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkConformance,
  templateOf,
  type CheckedRule,
  type ConformanceFacts,
} from '../plugins/delivery-common/src/domain/conformance';

const USAGE = `yarn conformance <dir> [--settings file.json] [--called owner/repository=dir]… [--json]

  <dir>        a checkout: its .github/workflows and catalog-info.yaml are read
  --settings   {"environments": [{"name", "reviewers", "preventSelfReview", "adminsBypass", "branches"}], "repository": {…}, "newest": {…}}
  --called     where the reusable workflows of another repository lie; whatever commit is checked out there is taken
  --json       the answers as JSON
`;

class Misuse extends Error {}

function argumentsOf(words: string[]) {
  const called = new Map<string, string>();
  const options = { dir: '', settings: '', json: false, called };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    const value = () => {
      at += 1;
      if (words[at] === undefined) throw new Misuse(`${word} needs a value.`);
      return words[at];
    };
    if (word === '--json') options.json = true;
    else if (word === '--settings') options.settings = value();
    else if (word === '--called') {
      const [repository, dir] = value().split('=');
      if (!dir) throw new Misuse('--called is written owner/repository=dir.');
      called.set(repository.toLowerCase(), dir);
    } else if (word.startsWith('--')) throw new Misuse(`What is ${word}?`);
    else if (options.dir) throw new Misuse('One directory at a time.');
    else options.dir = word;
  }
  if (!options.dir) throw new Misuse('Which directory?');
  return options;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function workflowsOf(dir: string): { path: string; text: string }[] {
  const folder = join(dir, '.github', 'workflows');
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Misuse(`${dir} is not a directory.`);
  }
  if (!statSync(folder, { throwIfNoEntry: false })) return [];
  return readdirSync(folder)
    .filter(name => /\.ya?ml$/.test(name))
    .sort()
    .map(name => ({
      path: `.github/workflows/${name}`,
      text: readFileSync(join(folder, name), 'utf8'),
    }));
}

/** What stands behind `uses:` of other repositories, with the text that lies in their directories. */
function calledOf(
  workflows: { text: string }[],
  dirs: ReadonlyMap<string, string>,
): Record<string, string | null> {
  const found: Record<string, string | null> = {};
  const wanted =
    /uses:\s*['"]?([\w.-]+\/[\w.-]+)\/(\.github\/workflows\/[\w.-]+)@(\S+?)['"]?(?:\s|$)/g;
  const queue = workflows.map(({ text }) => text);
  for (let text = queue.pop(); text !== undefined; text = queue.pop()) {
    for (const [, repository, path, ref] of text.matchAll(wanted)) {
      const uses = `${repository}/${path}@${ref}`;
      if (uses in found) continue;
      const dir = dirs.get(repository.toLowerCase());
      found[uses] = (dir && textOf(join(dir, path))) ?? null;
      if (found[uses]) queue.push(found[uses] as string);
    }
  }
  return found;
}

const MARK = { pass: 'PASS   ', fail: 'FAIL   ', unknown: 'UNKNOWN' };

function printed(checks: CheckedRule[]): string {
  const lines = checks.flatMap(({ rule, result, evidence, more, fix }) => [
    `${MARK[result]} ${rule}`,
    ...evidence.map(({ path, line, text }) => {
      const place = [path, line].filter(Boolean).join(':');
      return `          ${place ? `${place}  ` : ''}${text}`;
    }),
    ...(more > 0 ? [`          and ${more} more`] : []),
    ...(fix ? [`          → ${fix}`] : []),
  ]);
  const count = (wanted: string) =>
    checks.filter(({ result }) => result === wanted).length;
  return [
    ...lines,
    '',
    `${count('pass')} passed, ${count('fail')} failed, ${count(
      'unknown',
    )} unknown`,
  ].join('\n');
}

try {
  const options = argumentsOf(process.argv.slice(2));
  const workflows = workflowsOf(options.dir);
  const settings = options.settings
    ? (JSON.parse(
        readFileSync(options.settings, 'utf8'),
      ) as Partial<ConformanceFacts>)
    : {};
  const checks = checkConformance({
    ...settings,
    workflows,
    called: calledOf(workflows, options.called),
    template: templateOf(textOf(join(options.dir, 'catalog-info.yaml'))),
  });
  process.stdout.write(
    options.json
      ? `${JSON.stringify(checks, null, 2)}\n`
      : `${printed(checks)}\n`,
  );
  process.exitCode = checks.some(({ result }) => result === 'fail') ? 1 : 0;
} catch (error) {
  const misuse = error instanceof Misuse;
  process.stderr.write(
    `${(error as Error).message}\n${misuse ? `\n${USAGE}` : ''}`,
  );
  process.exitCode = 2;
}
