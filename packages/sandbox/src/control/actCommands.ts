import type { Command } from './commands';

const TARGET = '<component or repository>';

const command = (
  verb: string,
  rest: Pick<Command, 'help' | 'words' | 'flags'> & { usage: string },
): Command => ({
  ...rest,
  verb,
  usage: `${verb} ${rest.usage}`,
  method: 'POST',
  path: `/${verb}`,
});

/** What `yarn sandbox` can do about gates, runs and tokens. */
export const ACT_COMMANDS: readonly Command[] = [
  command('rerun', {
    usage: `${TARGET} [--run id] [--user dana] [--failed]`,
    help: 'Run the newest finished run again, or only its failed jobs.',
    words: ['target'],
    flags: ['run', 'user', 'failed'],
  }),
  command('dispatch', {
    usage: `${TARGET} <workflow file> [--user dana] [--ref main] [--input name=value]…`,
    help: 'Start a workflow by hand.',
    words: ['target', 'workflow'],
    flags: ['user', 'ref', 'input'],
  }),
  command('merge', {
    usage: `${TARGET} [--from branch] [--user dana]`,
    help: 'Bring a branch to the default branch by its pull request, as it is where that is possible; by itself the newest open one, else develop.',
    words: ['target'],
    flags: ['from', 'user'],
  }),
  command('refuse-onboarding', {
    usage: '[--count 1]',
    help: 'Let the next onboarding of a service fail, with a sentence in its log; --count 0: no longer.',
    words: [],
    flags: ['count'],
  }),
  command('bypass', {
    usage: `${TARGET} [--run id] [--environment name]`,
    help: 'Start waiting jobs past their gate, as an administrator whom the environment allows it; leaves no approval.',
    words: ['target'],
    flags: ['run', 'environment'],
  }),
  command('environment', {
    usage: `${TARGET} <name> [--prevent-self-review true|false] [--admins-bypass true|false] [--no-reviewers] [--reviewer login] [--wait-minutes n]`,
    help: 'Change the protection of an environment; --reviewer adds one, with --no-reviewers it is the only one.',
    words: ['target', 'name'],
    flags: [
      'prevent-self-review',
      'admins-bypass',
      'no-reviewers',
      'reviewer',
      'wait-minutes',
    ],
  }),
  command('team', {
    usage: '<org/slug> [--add login] [--remove login]',
    help: 'Put somebody into a team or take somebody out of it.',
    words: ['team'],
    flags: ['add', 'remove'],
  }),
  command('plan', {
    usage: '<org> <free | enterprise>',
    help: 'Change the plan of an organisation; on "free" protections of private repositories are not kept, though the calls look fine.',
    words: ['org', 'plan'],
    flags: [],
  }),
  command('user-token', {
    usage: '--user cleo',
    help: "Issue a user token of the portal's App, as its sign-in does.",
    words: [],
    flags: ['user'],
  }),
  command('other-token', {
    usage: '--user cleo',
    help: 'Issue a user token of another application (client id Iv1.other).',
    words: [],
    flags: ['user'],
  }),
  command('provisioner-token', {
    usage: '--user dana',
    help: 'Issue a user token of the App that creates repositories (client id Iv1.provisioner).',
    words: [],
    flags: ['user'],
  }),
  command('expire-token', {
    usage: '[--token text] [--user cleo]',
    help: "Let a token expire now, or all user tokens of a person at the portal's App; refreshing goes on working.",
    words: [],
    flags: ['token', 'user'],
  }),
  command('revoke', {
    usage: '[--token text] [--user cleo]',
    help: "Revoke a token, or all of a person at the portal's App with those for refreshing.",
    words: [],
    flags: ['token', 'user'],
  }),
  {
    verb: 'aws-sessions',
    usage: 'aws-sessions',
    help: 'Show who assumed which role of AWS with which policy, and what was changed in that name.',
    method: 'GET',
    path: '/aws-sessions',
    words: [],
    flags: [],
  },
];
