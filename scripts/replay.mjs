/**
 * Signs a webhook payload and posts it to the portal: `yarn replay <file.json> [--event name]`, or `yarn replay <event>` for the
 * recorded examples of that event. The portal cannot tell it from GitHub's own delivery.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { ROOT } from './lib/paths.mjs';

const HELP = `yarn replay <file.json|event> [--event <name>] [--url <address>] [--secret <secret>]

  <file.json>  a payload; its event is the part of the file name before the first dot, or --event
  <event>      every recorded example of that event (workflow_run, workflow_job, check_run, deployment …)
  --url        default ${defaultUrl()}
  --secret     default: $SANDBOX_WEBHOOK_SECRET or the demo's`;

function defaultUrl() {
  return `http://127.0.0.1:${
    process.env.PORTAL_PORT ?? 7007
  }/api/delivery/webhooks/github`;
}

function option(args, name, fallback) {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? fallback : args.splice(at, 2)[1];
}

function payloads(what, event) {
  if (existsSync(what)) {
    return [
      {
        event: event ?? basename(what).split('.')[0],
        body: readFileSync(what),
      },
    ];
  }
  const require = createRequire(
    join(ROOT, 'plugins/delivery-backend/package.json'),
  );
  const examples = require('@octokit/webhooks-examples');
  const found = (examples.default ?? examples).find(
    ({ name }) => name === what,
  );
  if (!found) {
    throw new Error(
      `${what} is neither a file nor a known event. See yarn replay --help.`,
    );
  }
  return found.examples.map(example => ({
    event: what,
    body: Buffer.from(JSON.stringify(example)),
  }));
}

async function main() {
  const args = process.argv.slice(2);
  const url = option(args, 'url', defaultUrl());
  const secret = option(
    args,
    'secret',
    process.env.SANDBOX_WEBHOOK_SECRET ?? 'sandbox-webhook-secret',
  );
  const event = option(args, 'event');
  const [what] = args;
  if (!what || what === '--help') {
    console.log(HELP);
    process.exit(what ? 0 : 2);
  }
  let refused = 0;
  for (const payload of payloads(what, event)) {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': payload.event,
        'x-github-delivery': randomUUID(),
        'x-hub-signature-256': `sha256=${createHmac('sha256', secret)
          .update(payload.body)
          .digest('hex')}`,
      },
      body: payload.body,
    });
    const text = await response.text();
    console.log(
      `${payload.event}  ${payload.body.length} bytes  ${
        response.status
      }  ${text.slice(0, 300)}`,
    );
    if (!response.ok) refused += 1;
  }
  process.exit(refused > 0 ? 1 : 0);
}

main().catch(error => {
  console.error(
    error.cause?.code === 'ECONNREFUSED'
      ? 'The portal does not answer. Start it with npm start, or name it with --url.'
      : error.message,
  );
  process.exit(1);
});
