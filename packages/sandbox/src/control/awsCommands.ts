import { AWS_FAULT_KINDS } from './awsFaults';
import type { Command } from './commands';

const AT = '<component> [environment]';

/** A verb about the service a component runs as; production when no environment is named. */
const aboutService = (
  verb: string,
  flags: Record<string, string>,
  help: string,
): Command => ({
  verb,
  usage: [verb, AT, ...Object.values(flags)].join(' '),
  help,
  method: 'POST',
  path: `/${verb}`,
  words: ['target'],
  optional: ['environment'],
  flags: Object.keys(flags),
});

/** What `yarn sandbox` can do to AWS. */
export const AWS_COMMANDS: readonly Command[] = [
  aboutService(
    'drift',
    { user: '[--user ravi]' },
    'Put another image into the service by hand, past every pipeline.',
  ),
  aboutService(
    'alarm',
    { name: '[--name alarm]', off: '[--off]' },
    'Let the CloudWatch alarms of the service fire, or end that.',
  ),
  aboutService(
    'kill-tasks',
    { count: '[--count 1]' },
    'Stop running tasks; ECS starts others.',
  ),
  aboutService(
    'bad-image',
    {},
    'Let the next deployment never get healthy: its image cannot be pulled.',
  ),
  aboutService(
    'circuit-breaker',
    {},
    'Let the next deployment crash until the circuit breaker rolls it back.',
  ),
  aboutService(
    'break-targets',
    { reason: '[--reason timeout|code]', off: '[--off]' },
    'Let the health check of the load balancer fail for every task, or end that.',
  ),
  {
    verb: 'break-smoke',
    usage: 'break-smoke <component>',
    help: 'Let the smoke test of the next deployment to production fail, so that the pipeline rolls back.',
    method: 'POST',
    path: '/break-smoke',
    words: ['target'],
    flags: [],
  },
  {
    verb: 'aws-fault',
    usage: `aws-fault <${AWS_FAULT_KINDS.join(
      ' | ',
    )} | clear> <account id or environment> [--seconds n]`,
    help: 'Make one AWS account misbehave, for a number of seconds or until "clear".',
    method: 'POST',
    path: '/aws-fault',
    words: ['kind', 'account'],
    flags: ['seconds'],
  },
  {
    verb: 'aws-calls',
    usage: 'aws-calls [--reset]',
    help: 'Show how often each AWS operation was called, by account and region; --reset counts from zero.',
    method: 'POST',
    path: '/aws-calls',
    words: [],
    flags: ['reset'],
  },
];
