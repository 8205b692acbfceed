/**
 * Computes the DORA metrics of facts on standard input (docs/dora-facts.md) and prints them with their rows as JSON:
 * `yarn dora < facts.json`.
 */
import { text } from 'node:stream/consumers';
import {
  computeDora,
  readDoraInput,
} from 'backstage-plugin-delivery-common/domain';
import type { DoraInput } from 'backstage-plugin-delivery-common/domain';

const USAGE = 'Usage: yarn dora < facts.json (see docs/dora-facts.md)';

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new Error(
      'The input is no JSON: give one object as docs/dora-facts.md describes it.',
    );
  }
}

async function main(): Promise<number> {
  if (process.stdin.isTTY || process.argv.length > 2) {
    console.error(USAGE);
    return 2;
  }
  let input: DoraInput;
  try {
    input = readDoraInput(parse(await text(process.stdin)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : USAGE);
    return 2;
  }
  const { facts, settings, window, excluded } = input;
  const result = computeDora(facts, settings, window, excluded);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return 0;
}

main().then(
  code => {
    process.exitCode = code;
  },
  error => {
    console.error(error);
    process.exitCode = 1;
  },
);
