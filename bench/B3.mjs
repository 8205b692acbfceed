import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '../scripts/lib/paths.mjs';
import { createBenchPortal, WEBHOOK_SECRET } from './lib/benchPortal.mjs';
import { load } from './lib/load.mjs';
import { inboxCounts } from './lib/seed.mjs';

const HOST = '127.0.0.1:9';

/** A recorded delivery, made to come from one of the portal's repositories, with ids of its own. */
function deliveries(services) {
  const require = createRequire(
    join(ROOT, 'plugins/delivery-backend/package.json'),
  );
  const examples = require('@octokit/webhooks-examples');
  const recorded = (examples.default ?? examples)
    .find(({ name }) => name === 'workflow_run')
    .examples.find(
      example => example.action === 'completed' && example.workflow_run.actor,
    );
  return index => {
    const body = structuredClone(recorded);
    const service = index % services;
    const slug = `bench/service-${service}`;
    const now = new Date().toISOString();
    body.repository = {
      ...body.repository,
      id: 1000 + service,
      full_name: slug,
      name: `service-${service}`,
      html_url: `http://${HOST}/${slug}`,
      owner: { ...body.repository.owner, login: 'bench' },
    };
    body.workflow_run = {
      ...body.workflow_run,
      id: 10_000_000 + index,
      run_number: index + 1,
      html_url: `http://${HOST}/${slug}/actions/runs/${10_000_000 + index}`,
      repository: body.repository,
      created_at: now,
      updated_at: now,
    };
    delete body.installation;
    return Buffer.from(JSON.stringify(body));
  };
}

async function measureOne(database, { quick, log }) {
  const services = 100;
  const count = quick ? 1000 : 10_000;
  const portal = await createBenchPortal({ database, services, host: HOST });
  try {
    await portal.fill();
    await portal.start();
    const body = deliveries(services);
    const bodies = Array.from({ length: count }, (_, index) => body(index));
    const bare = await load({
      clients: 10,
      count: Math.min(count, 5000),
      make: index => ({
        url: `${portal.url}/api/baseline/insert`,
        method: 'POST',
        body: bodies[index],
      }),
    });
    const began = Date.now();
    const accepted = await load({
      clients: 10,
      count,
      make: index => ({
        url: `${portal.url}/api/delivery/webhooks/github`,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'workflow_run',
          'x-github-delivery': `00000000-0000-4000-8000-${String(
            index,
          ).padStart(12, '0')}`,
          'x-hub-signature-256': `sha256=${createHmac('sha256', WEBHOOK_SECRET)
            .update(bodies[index])
            .digest('hex')}`,
        },
        body: bodies[index],
      }),
    });
    if (Object.keys(accepted.statuses).join() !== '202') {
      throw new Error(`webhooks answered ${JSON.stringify(accepted.statuses)}`);
    }
    const sent = Date.now();
    const open = (await inboxCounts(portal)).open;
    for (;;) {
      const counts = await inboxCounts(portal);
      if (counts.open === 0) {
        if (counts.runs < count)
          throw new Error(
            `Lost: ${
              count - counts.runs
            } of ${count} runs are not stored (${JSON.stringify(counts)}).`,
          );
        break;
      }
      if (Date.now() - sent > 180_000)
        throw new Error(`Not drained: ${JSON.stringify(counts)}`);
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    const whole = (Date.now() - began) / 1000;
    const drain = (Date.now() - sent) / 1000;
    const share = accepted.perSecond / bare.perSecond;
    const applied = count / whole;
    log(
      `${database}: bare insert ${bare.perSecond.toFixed(
        0,
      )}/s, accepted ${accepted.perSecond.toFixed(
        0,
      )}/s, ${open} open at the end, drained ${drain.toFixed(1)} s later`,
    );
    return [
      {
        figure: `webhooks accepted, ${database}, 10 clients, as a fraction of the bare insert route (while applying)`,
        seen: `${share.toFixed(2)} (${accepted.perSecond.toFixed(
          0,
        )}/s of ${bare.perSecond.toFixed(0)}/s)`,
        target: '≥ 0.5',
        ok: share >= 0.5,
      },
      {
        figure: `webhooks applied, ${database}, ${count} deliveries from the first to the last applied, none lost`,
        seen: `${applied.toFixed(0)}/s`,
        target: '≥ 300/s, aim 1,000/s',
        ok: applied >= 300,
      },
    ];
  } finally {
    await portal.dispose();
  }
}

/** Acceptance with signature and durable insert; applying; a backlog drains without loss. */
export default async function measure(options) {
  return [
    ...(await measureOne('sqlite', options)),
    ...(await measureOne('postgres', options)),
  ];
}
