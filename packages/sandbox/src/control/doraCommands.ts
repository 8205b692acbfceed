import type { Command } from './commands';

const command = (
  verb: string,
  rest: Pick<Command, 'help' | 'flags'> & { usage: string },
): Command => ({
  ...rest,
  verb,
  usage: `${verb} <component> ${rest.usage}`,
  method: 'POST',
  path: `/${verb}`,
  words: ['target'],
});

/** What `yarn sandbox` can do about failures in production and what people do about them. */
export const DORA_COMMANDS: readonly Command[] = [
  command('incident', {
    usage:
      '[--title text] [--names sha|run|pr|none] [--minutes-ago n] [--user dana] [--close | --reopen | --unlabel | --label | --edit | --delete]',
    help: 'Open an issue labelled incident that names what went to production last, or nothing; --close and the others change the last one.',
    flags: [
      'title',
      'names',
      'minutes-ago',
      'user',
      'close',
      'reopen',
      'unlabel',
      'label',
      'edit',
      'delete',
    ],
  }),
  command('revert', {
    usage: '[--user dana]',
    help: 'Revert what went to production last, by a pull request that is merged.',
    flags: ['user'],
  }),
  command('hotfix', {
    usage: '[--user dana] [--title text]',
    help: 'Merge a pull request from a branch hotfix/… with the label hotfix.',
    flags: ['user', 'title'],
  }),
];
