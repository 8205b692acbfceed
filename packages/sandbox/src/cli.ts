import { resolve } from 'path';
import { COMMANDS, commandOf, helpText } from './control/commands';
import { Flags, parseArguments } from './control/parseArguments';
import { runCommand } from './control/runCommand';
import { startSandbox } from './index';

/** Serves until the process is told to stop, then saves. */
async function serve(flags: Flags): Promise<void> {
  const { env } = process;
  const text = (flag: string, variable: string) => {
    const value = flags[flag];
    return typeof value === 'string' ? value : env[variable];
  };
  const numberOf = (flag: string, variable: string) => {
    const value = text(flag, variable);
    return value === undefined ? undefined : Number(value);
  };
  const sandbox = await startSandbox({
    dataDir: resolve(text('data-dir', 'SANDBOX_DATA_DIR') ?? '.data/sandbox'),
    port: numberOf('port', 'SANDBOX_GITHUB_PORT'),
    awsPort: numberOf('aws-port', 'SANDBOX_AWS_PORT'),
    webhookUrl: text('webhook-url', 'SANDBOX_WEBHOOK_URL'),
    webhookSecret: text('webhook-secret', 'SANDBOX_WEBHOOK_SECRET'),
    clientId: env.SANDBOX_CLIENT_ID,
    clientSecret: env.SANDBOX_CLIENT_SECRET,
    provisioner: {
      clientId: env.SANDBOX_PROVISIONER_CLIENT_ID,
      clientSecret: env.SANDBOX_PROVISIONER_CLIENT_SECRET,
    },
    seed: text('seed', 'SANDBOX_SEED'),
    speed: numberOf('speed', 'SANDBOX_SPEED'),
    failures: process.env.SANDBOX_FAILURES === 'profile' ? 'profile' : 'none',
    history: flags['no-history'] === true ? false : undefined,
  });
  process.stdout.write(
    `Sandbox GitHub: ${sandbox.url}\nSandbox AWS: ${sandbox.aws.url}\nWebhooks go to ${sandbox.github.webhooks.url}\n`,
  );
  const stop = () => {
    sandbox.close().then(
      () => process.exit(0),
      error => {
        process.stderr.write(`sandbox: ${error}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

async function main(argv: string[]): Promise<number> {
  const { words, flags } = parseArguments(argv);
  const [verb, ...rest] = words;
  if (!verb || verb === 'help' || flags.help === true) {
    process.stdout.write(helpText());
    return verb || flags.help === true ? 0 : 2;
  }
  const command = commandOf(verb);
  if (!command) {
    process.stderr.write(
      `Unknown command "${verb}". There are: ${COMMANDS.map(c => c.verb).join(
        ', ',
      )}.\n`,
    );
    return 2;
  }
  if (command.verb === 'serve') {
    await serve(flags);
    return -1;
  }
  const port = process.env.SANDBOX_GITHUB_PORT ?? '7011';
  return runCommand(command, rest, flags, `http://127.0.0.1:${port}`);
}

main(process.argv.slice(2)).then(
  code => {
    if (code >= 0) process.exitCode = code;
  },
  error => {
    process.stderr.write(
      `sandbox: ${error instanceof Error ? error.message : error}\n`,
    );
    process.exit(1);
  },
);
