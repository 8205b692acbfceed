import { spawnSync } from 'node:child_process';
import { commandExists } from './runStep';
import { allSteps, type Workflow } from './workflows';

/** A script of a step, and where it stands. */
export interface Script {
  readonly where: string;
  readonly text: string;
}

/** The scripts of a workflow; expressions, which rules forbid in them, are no concern here. */
export const scriptsOf = (workflow: Workflow): Script[] =>
  allSteps(workflow).flatMap(({ where, step }) =>
    step.run === undefined ? [] : [{ where, text: step.run }],
  );

function check(
  command: string,
  args: readonly string[],
  { where, text }: Script,
) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    input: text,
    encoding: 'utf8',
  });
  return status === 0 ? [] : [`${where}: ${stdout}${stderr}`];
}

/** What bash says against the syntax of a script. */
export const syntaxErrors = (script: Script) => check('bash', ['-n'], script);

const hasShellcheck = commandExists('shellcheck');
if (!hasShellcheck) {
  process.stderr.write('Skipped: shellcheck is not installed.\n');
}

/** What shellcheck says against a script; nothing where it is not installed. */
export const shellcheckFindings = (script: Script) =>
  hasShellcheck
    ? check('shellcheck', ['--shell=bash', '--severity=warning', '-'], script)
    : [];
