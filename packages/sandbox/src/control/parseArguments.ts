export interface Arguments {
  words: string[];
  flags: Flags;
}

/** `--name value`, `--name=value`; `true` for a flag without value, a list for one that may stand several times. */
export type Flags = Record<string, string | true | string[]>;

/** Flags that never take a value. */
const SWITCHES = [
  'help',
  'reject',
  'no-history',
  'json',
  'off',
  'reset',
  'no-reviewers',
  'failed',
  'close',
  'reopen',
  'label',
  'unlabel',
  'edit',
  'delete',
];

/** Flags that may stand several times. */
const LISTS = ['input'];

/** Splits a command line into words and flags. */
export function parseArguments(argv: string[]): Arguments {
  const words: string[] = [];
  const flags: Flags = {};
  const set = (name: string, value: string) => {
    const before = flags[name];
    flags[name] = LISTS.includes(name)
      ? [...(Array.isArray(before) ? before : []), value]
      : value;
  };
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i];
    if (word === '-h') {
      flags.help = true;
    } else if (!word.startsWith('--')) {
      words.push(word);
    } else if (word.includes('=')) {
      const equals = word.indexOf('=');
      set(word.slice(2, equals), word.slice(equals + 1));
    } else if (
      SWITCHES.includes(word.slice(2)) ||
      i + 1 >= argv.length ||
      argv[i + 1].startsWith('--')
    ) {
      flags[word.slice(2)] = true;
    } else {
      set(word.slice(2), argv[i + 1]);
      i += 1;
    }
  }
  return { words, flags };
}
