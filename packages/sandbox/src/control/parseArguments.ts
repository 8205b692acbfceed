export interface Arguments {
  words: string[];
  /** `--name value`, `--name=value`; `true` for a flag without value. */
  flags: Record<string, string | true>;
}

/** Flags that never take a value. */
const SWITCHES = ['help', 'reject', 'no-history', 'json', 'off', 'reset'];

/** Splits a command line into words and flags. */
export function parseArguments(argv: string[]): Arguments {
  const words: string[] = [];
  const flags: Record<string, string | true> = {};
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i];
    if (word === '-h') {
      flags.help = true;
    } else if (!word.startsWith('--')) {
      words.push(word);
    } else if (word.includes('=')) {
      flags[word.slice(2, word.indexOf('='))] = word.slice(
        word.indexOf('=') + 1,
      );
    } else if (
      SWITCHES.includes(word.slice(2)) ||
      i + 1 >= argv.length ||
      argv[i + 1].startsWith('--')
    ) {
      flags[word.slice(2)] = true;
    } else {
      flags[word.slice(2)] = argv[i + 1];
      i += 1;
    }
  }
  return { words, flags };
}
