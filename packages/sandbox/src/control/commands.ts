import { FAULT_KINDS } from '../github/faults';
import { ACT_COMMANDS } from './actCommands';
import { AWS_COMMANDS } from './awsCommands';
import { DORA_COMMANDS } from './doraCommands';

export interface Command {
  verb: string;
  usage: string;
  /** One line. */
  help: string;
  method: 'GET' | 'POST';
  /** Address below `/_sandbox`; empty for `serve`. */
  path: string;
  /** What the words after the verb are, in order. */
  words: string[];
  /** Names of words that may follow. */
  optional?: string[];
  /** Flags that go into the body. */
  flags: string[];
}

const TARGET = '<component or repository>';

/** Everything `yarn sandbox` can do. */
export const COMMANDS: readonly Command[] = [
  {
    verb: 'push',
    usage: `push ${TARGET} [--user dana] [--branch main] [--message text]`,
    help: 'Commit and push a change; its workflows start.',
    method: 'POST',
    path: '/push',
    words: ['target'],
    flags: ['user', 'branch', 'message'],
  },
  {
    verb: 'pr',
    usage: `pr ${TARGET} [--user dana] [--branch name] [--title text]`,
    help: 'Push a branch and open a pull request.',
    method: 'POST',
    path: '/pull-request',
    words: ['target'],
    flags: ['user', 'branch', 'title', 'message'],
  },
  {
    verb: 'fail',
    usage: `fail ${TARGET} [--job name] [--step name] [--count 1]`,
    help: 'Make the next matching job fail.',
    method: 'POST',
    path: '/fail',
    words: ['target'],
    flags: ['job', 'step', 'count'],
  },
  {
    verb: 'approve',
    usage: `approve ${TARGET} [--user cleo] [--environment name] [--run id] [--reject] [--comment text]`,
    help: 'Answer what waits for a person, as that person.',
    method: 'POST',
    path: '/approve',
    words: ['target'],
    flags: ['user', 'environment', 'run', 'reject', 'comment'],
  },
  {
    verb: 'cancel',
    usage: `cancel ${TARGET} [--run id] [--user dana]`,
    help: 'Cancel the runs under way.',
    method: 'POST',
    path: '/cancel',
    words: ['target'],
    flags: ['run', 'user'],
  },
  {
    verb: 'fault',
    usage: `fault <${FAULT_KINDS.join(
      ' | ',
    )} | clear> [--count n] [--seconds n] [--rate 0..1] [--ms n] [--status 502] [--route text]`,
    help: 'Make GitHub misbehave, for a number of times or seconds or until "fault clear"; --route: only calls with this text in method and path (errors, after-errors, sso).',
    method: 'POST',
    path: '/fault',
    words: ['kind'],
    flags: ['count', 'seconds', 'rate', 'ms', 'status', 'route'],
  },
  ...DORA_COMMANDS,
  ...ACT_COMMANDS,
  ...AWS_COMMANDS,
  {
    verb: 'status',
    usage: 'status',
    help: 'Show what runs and waits, what each service on ECS runs, webhooks, faults and the number of API calls.',
    method: 'GET',
    path: '/status',
    words: [],
    flags: [],
  },
  {
    verb: 'calls',
    usage: 'calls',
    help: 'Show how often each API route was called, and with which kind of token.',
    method: 'GET',
    path: '/calls',
    words: [],
    flags: [],
  },
  {
    verb: 'users',
    usage: 'users',
    help: 'List the people of the demo and their tokens.',
    method: 'GET',
    path: '/users',
    words: [],
    flags: [],
  },
  {
    verb: 'reset',
    usage: 'reset',
    help: 'Throw everything away and make the world anew, ending today.',
    method: 'POST',
    path: '/reset',
    words: [],
    flags: [],
  },
  {
    verb: 'serve',
    usage:
      'serve [--data-dir folder] [--port 7011] [--webhook-url url] [--webhook-secret text] [--seed text] [--speed 15] [--no-history]',
    help: 'Run the sandbox in the foreground.',
    method: 'GET',
    path: '',
    words: [],
    flags: [],
  },
];

export function commandOf(verb: string): Command | undefined {
  return COMMANDS.find(command => command.verb === verb);
}

/** What `--help` prints. */
export function helpText(): string {
  const width = Math.max(...COMMANDS.map(c => c.verb.length));
  const lines = COMMANDS.map(c => `  ${c.verb.padEnd(width)}  ${c.help}`);
  const usages = COMMANDS.map(c => `  yarn sandbox ${c.usage}`);
  return `The sandbox: GitHub and AWS.\n\n${lines.join(
    '\n',
  )}\n\nUsage\n${usages.join('\n')}\n`;
}
