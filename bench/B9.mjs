import { freePort } from '../scripts/lib/postgres.mjs';
import { createBenchPortal } from './lib/benchPortal.mjs';
import { inspectMemory } from './lib/inspectMemory.mjs';
import { load } from './lib/load.mjs';
import { inboxCounts } from './lib/seed.mjs';
import { trend } from './lib/trend.mjs';
import { PER_RUN, runsOf, webhookTraffic } from './lib/webhookTraffic.mjs';

const HOST = '127.0.0.1:9';
const MOST_SERVICES = 250;
const PARTS = 20;
/** Part of the webhooks after which everything that is made once is made. */
const WARM = 0.2;
const COUNTS = { fewest: 20_000, usual: 1_000_000, most: 5_000_000 };
const MINUTES = { fewest: 1, usual: 120, most: 600 };
const DRAIN_MS = 10 * 60_000;
const RETENTION = 'delivery-retention';

const mib = bytes => (bytes / 2 ** 20).toFixed(1);
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

function chosen(name, { fewest, usual, most }) {
  const value = Number(process.env[name] ?? usual);
  if (Number.isInteger(value) && value >= fewest && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${fewest} to ${most}.`);
}

/** Waits until what was sent is applied: all of it, and nothing set aside. */
async function drained(portal, sent) {
  const deadline = Date.now() + DRAIN_MS;
  for (;;) {
    const counts = await inboxCounts(portal);
    const { open, done = 0 } = counts;
    if (open === 0 && done === sent) return counts.runs;
    if (open === 0 || Date.now() > deadline)
      throw new Error(`${sent} sent, inbox: ${JSON.stringify(counts)}`);
    await pause(250);
  }
}

/** Lets the plugin's own retention empty the inbox, as it does once a day; when this ends it is not under way any more. */
async function prune(portal) {
  const deadline = Date.now() + DRAIN_MS;
  const token = await portal.token('user:default/u1');
  const ask = async (path, method) => {
    const response = await fetch(
      `${portal.url}/api/delivery/.backstage/scheduler/v1/tasks${path}`,
      { method, headers: { authorization: `Bearer ${token}` } },
    );
    if (!response.ok) throw new Error(`tasks${path}: ${response.status}`);
    return response;
  };
  const isDue = async () => {
    const { tasks } = await (await ask('', 'GET')).json();
    const { taskState } = tasks.find(({ taskId }) => taskId === RETENTION);
    const { status, startsAt } = taskState ?? {};
    return status !== 'idle' || !(Date.parse(startsAt) > Date.now());
  };
  for (;;) {
    if (!(await isDue())) {
      if (!(await inboxCounts(portal)).done) return;
      await ask(`/${RETENTION}/trigger`, 'POST');
    }
    if (Date.now() > deadline) throw new Error('Retention did not run.');
    await pause(500);
  }
}

async function sendPart(portal, make, from, count) {
  const { statuses, perSecond } = await load({
    clients: 10,
    count,
    make: index => make(from + index),
  });
  if (Object.keys(statuses).join() !== '202')
    throw new Error(`webhooks answered ${JSON.stringify(statuses)}`);
  return perSecond;
}

/** Sends all parts and looks at the memory before the first and after each. */
async function series({ portal, port, count, services, minutes, log }) {
  const make = webhookTraffic({ ...portal, host: HOST, services });
  const began = Date.now();
  // One is due at every start.
  await prune(portal);
  const samples = [{ sent: 0, ...(await inspectMemory(port)) }];
  let applyingMs = 0;
  for (let part = 1; part <= PARTS; part += 1) {
    const from = samples.at(-1).sent;
    const sent = Math.round((count * part) / PARTS);
    const partBegan = Date.now();
    const accepted = await sendPart(portal, make, from, sent - from);
    const runs = await drained(portal, sent - from);
    applyingMs += Date.now() - partBegan;
    if (runs !== runsOf(sent))
      throw new Error(`${runs} runs stored of ${runsOf(sent)}`);
    await prune(portal);
    const sample = { sent, ...(await inspectMemory(port)) };
    samples.push(sample);
    log(
      `${sent} sent, ${runs} runs: heap ${mib(sample.heapUsed)}, external ${mib(
        sample.external,
      )}, rss ${mib(sample.rss)} MiB, accepted ${accepted.toFixed(0)}/s${
        sample.quiet ? '' : ', not quiet'
      }`,
    );
    if (Date.now() - began > minutes * 60_000) {
      log(`no part begins after ${minutes} minutes`);
      break;
    }
  }
  return { samples, applyingMs, wholeMs: Date.now() - began };
}

/** Growth from the end of the warm-up to the end, and the line through all between. */
function growthOf(samples, name) {
  const { sent } = samples.at(-1);
  const late = samples.filter(sample => sample.sent >= sent * WARM);
  const [warm, end] = [late[0], late.at(-1)];
  const { slope } = trend(late.map(sample => [sample.sent, sample[name]]));
  const share = end[name] / warm[name] - 1;
  const percent = `${share < 0 ? '−' : '+'}${(Math.abs(share) * 100).toFixed(
    1,
  )} %`;
  return {
    share,
    text: `${percent} (${mib(warm[name])} → ${mib(
      end[name],
    )} MiB, ${slope.toFixed(1)} bytes a webhook)`,
  };
}

/** Memory of the backend while webhooks come and come. */
export default async function measure({ quick, log }) {
  const count = quick ? COUNTS.fewest : chosen('BENCH_WEBHOOKS', COUNTS);
  // Each has had a run when the warm-up is over.
  const services = Math.min(
    MOST_SERVICES,
    Math.floor((count * WARM) / PER_RUN),
  );
  const longest = chosen('BENCH_MINUTES', MINUTES);
  const portal = await createBenchPortal({
    database: 'sqlite',
    services,
    host: HOST,
    inboxBodies: { seconds: 1 },
  });
  try {
    await portal.fill();
    const port = await freePort();
    await portal.start({ nodeFlags: [`--inspect=127.0.0.1:${port}`] });
    const { samples, applyingMs, wholeMs } = await series({
      ...{ portal, port, count, services, log },
      minutes: longest,
    });
    const { sent } = samples.at(-1);
    const whole = sent === count && !quick;
    const heap = growthOf(samples, 'heapUsed');
    const minutes = (wholeMs / 60_000).toFixed(0);
    const runs = runsOf(sent);
    return [
      {
        figure: `heap after a collection, sqlite, ${sent} webhooks of ${runs} runs of ${services} repositories: growth over the last 80 % of them`,
        seen: heap.text,
        ...(whole && { target: '≤ 10 %', ok: heap.share <= 0.1 }),
      },
      {
        figure: 'the same of the whole process (rss)',
        seen: growthOf(samples, 'rss').text,
      },
      {
        figure: 'webhooks applied meanwhile, waits and collections left out',
        seen: `${((sent / applyingMs) * 1000).toFixed(
          0,
        )}/s (${minutes} minutes with them)`,
      },
    ];
  } finally {
    await portal.dispose();
  }
}
