import { Command } from './commands';
import { Flags } from './parseArguments';

/**
 * Sends a command to a running sandbox and prints its answer as JSON.
 * @returns the exit code
 */
export async function runCommand(
  command: Command,
  words: string[],
  flags: Flags,
  url: string,
  out: { write(text: string): unknown } = process.stdout,
  err: { write(text: string): unknown } = process.stderr,
): Promise<number> {
  const names = [...command.words, ...(command.optional ?? [])];
  if (words.length < command.words.length || words.length > names.length) {
    err.write(`Usage: yarn sandbox ${command.usage}\n`);
    return 2;
  }
  const unknown = Object.keys(flags).filter(f => !command.flags.includes(f));
  if (unknown.length > 0) {
    err.write(
      `Unknown flag --${unknown[0]}.\nUsage: yarn sandbox ${command.usage}\n`,
    );
    return 2;
  }
  const body: Flags = { ...flags };
  words.forEach((word, index) => {
    body[names[index]] = word;
  });
  let response: Response;
  try {
    response = await fetch(`${url}/_sandbox${command.path}`, {
      method: command.method,
      headers: { 'content-type': 'application/json' },
      body: command.method === 'POST' ? JSON.stringify(body) : undefined,
    });
  } catch {
    err.write(
      `No sandbox answers at ${url}. Start it with "npm start" or "yarn sandbox serve".\n`,
    );
    return 1;
  }
  const answer: unknown = await response.json();
  if (!response.ok) {
    const text =
      answer && typeof answer === 'object' && 'error' in answer
        ? String(answer.error)
        : response.statusText;
    err.write(`${text}\n`);
    return 1;
  }
  out.write(`${JSON.stringify(answer, undefined, 2)}\n`);
  return 0;
}
