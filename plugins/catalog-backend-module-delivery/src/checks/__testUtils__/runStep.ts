import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What a fake command answers to a call: text for its output, or a failure. */
export type Answer =
  | string
  | { readonly fails: string; readonly code?: number };

/**
 * Answers of a fake command by the beginning of its arguments, `ecs describe-services`; the longest beginning that fits wins. A
 * list answers one call after the other and then stays with its last.
 */
export type Fake = Readonly<Record<string, Answer | readonly Answer[]>>;

/** What a step did. */
export interface StepResult {
  readonly code: number;
  /** Output and errors, as the log of the run shows them. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Calls of the fakes in order, `aws ecs update-service --cluster main …`. */
  readonly calls: readonly string[];
}

export interface StepWish {
  readonly env: Readonly<Record<string, string>>;
  readonly fakes?: Readonly<Record<string, Fake>>;
}

/** Finds a command of this machine, or says that it is not there. */
export function commandExists(name: string): boolean {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some(folder => existsSync(join(folder, name)));
}

/**
 * The fake itself: appends its call to `calls` and looks for the answer in the folder of its name. Bash only, so that it runs
 * wherever the step runs.
 */
const COMMAND = `#!/usr/bin/env bash
name="\${0##*/}"
root="$FAKES"
printf '%s %s\\n' "$name" "$*" >> "$root/calls"
found=''
for file in "$root/$name"/*.match; do
  [ -e "$file" ] || continue
  start="$(cat "$file")"
  if [[ "$* " == "$start "* || "$start" == '' ]] && ((\${#start} >= \${#found})); then found="$start"; answer="\${file%.match}"; fi
done
if [ -z "\${answer:-}" ]; then echo "unexpected call: $name $*" >&2; exit 97; fi
n=0
[ -e "$answer.count" ] && n="$(cat "$answer.count")"
echo $((n + 1)) > "$answer.count"
while ((n > 0)) && [ ! -e "$answer.$n.out" ]; do n=$((n - 1)); done
cat "$answer.$n.out"
if [ -e "$answer.$n.err" ]; then cat "$answer.$n.err" >&2; exit "$(cat "$answer.$n.code")"; fi
`;

function writeFake(root: string, name: string, fake: Fake): void {
  const folder = join(root, name);
  mkdirSync(folder);
  Object.entries(fake).forEach(([start, given], index) => {
    const base = join(folder, String(index));
    writeFileSync(`${base}.match`, start);
    const answers = Array.isArray(given) ? given : [given];
    answers.forEach((answer: Answer, turn: number) => {
      const text = typeof answer === 'string' ? answer : '';
      writeFileSync(`${base}.${turn}.out`, text);
      if (typeof answer !== 'string') {
        writeFileSync(`${base}.${turn}.err`, `${answer.fails}\n`);
        writeFileSync(`${base}.${turn}.code`, String(answer.code ?? 1));
      }
    });
  });
  const command = join(root, 'bin', name);
  writeFileSync(command, COMMAND);
  chmodSync(command, 0o755);
}

function readOutputs(file: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) outputs[line.slice(0, at)] = line.slice(at + 1);
  }
  return outputs;
}

/**
 * Runs the script of a step as GitHub's runner does (`bash --noprofile --norc -eo pipefail`), in an empty folder and with fakes for
 * what talks to the outside. `sleep` never waits. Only the given environment is visible.
 */
export function runStep(script: string, wish: StepWish): StepResult {
  const root = mkdtempSync(join(tmpdir(), 'step-'));
  try {
    mkdirSync(join(root, 'bin'));
    mkdirSync(join(root, 'temp'));
    for (const file of ['calls', 'outputs', 'summary']) {
      writeFileSync(join(root, file), '');
    }
    const fakes = { sleep: { '': '' }, ...wish.fakes };
    for (const [name, fake] of Object.entries(fakes)) {
      writeFake(root, name, fake);
    }
    writeFileSync(join(root, 'step.sh'), script);
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', join(root, 'step.sh')],
      {
        cwd: join(root, 'temp'),
        encoding: 'utf8',
        env: {
          PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}`,
          HOME: root,
          FAKES: root,
          RUNNER_TEMP: join(root, 'temp'),
          GITHUB_OUTPUT: join(root, 'outputs'),
          GITHUB_STEP_SUMMARY: join(root, 'summary'),
          ...wish.env,
        },
      },
    );
    return {
      code: status ?? -1,
      log: `${stdout}${stderr}`,
      outputs: readOutputs(join(root, 'outputs')),
      calls: readFileSync(join(root, 'calls'), 'utf8')
        .split('\n')
        .filter(line => line !== '' && !line.startsWith('sleep ')),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
