/**
 * Counts the calls of GitHub's API that a portal makes while hours pass: `index.ts <repositories> <hours>`. The last line of its output
 * is JSON. Everything but the clock, the webhooks' way and the platform around the plugin is real.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createEngine,
  gitWorkflowSource,
  HandClock,
  seededRandom,
} from '../../packages/sandbox/src/engine';
import { startServer } from '../../packages/sandbox/src/server';
import type { RepoRecord } from '../../packages/sandbox/src/state';
import { connectPortal } from './connectPortal';
import { OneHistory } from './OneHistory';
import { primeAsRunning } from './primeAsRunning';
import { Traffic } from './Traffic';
import { viewTwice } from './viewTwice';
import { manyRepositories, type History } from './world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Reference model: 20 runs a day. */
const BETWEEN_MS = (24 * HOUR) / 20;
/** Below the three seconds that a doubt is given to end by itself. */
const STEP_MS = 2_000;
/** Until there are as many open runs as always. */
const WARM_UP_MS = 30 * MINUTE;
const NEVER = new AbortController().signal;

const say = (text: string) => process.stderr.write(`${text}\n`);

async function main() {
  const [repositories, hours] = process.argv.slice(2).map(Number);
  const dataDir = await mkdtemp(join(tmpdir(), 'delivery-b2-'));
  const clock = new HandClock(Date.UTC(2026, 0, 5, 9));
  const random = seededRandom('steady state');
  const history: History = { shas: [], positions: new Map() };
  let git: OneHistory | undefined;
  const share = (real: RepoRecord) => {
    git ??= new OneHistory(join(dataDir, 'git'), real);
    return git;
  };
  const sandbox = await startServer(
    // Jobs take as long as they do; nobody listens for webhooks there, see connectPortal.
    { dataDir, port: 0, clock, speed: 1, webhookUrl: 'http://127.0.0.1:9/' },
    {
      createEngine: options => {
        const [first] = options.state.repos.values();
        return createEngine({
          ...options,
          source: gitWorkflowSource(share(first)),
        });
      },
      buildWorld: manyRepositories(repositories, random, history),
      componentOf: () => undefined,
    },
  );
  const [first] = sandbox.state.repos.values();
  sandbox.github.git = share(first);
  // Its snapshots are due every four simulated seconds, and nothing of this world is needed again.
  sandbox.github.store.save = async () => {};
  const portal = await connectPortal({
    sandbox,
    clock,
    databaseFile: join(dataDir, 'delivery.sqlite'),
    warn: say,
  });
  const { counters } = sandbox.github;
  await portal.services.index.refresh(NEVER);

  let nextTick = clock.now();
  const traffic = new Traffic({
    ...{ sandbox, clock, random, history },
    betweenMs: BETWEEN_MS,
  });
  const play = async (until: number) => {
    while (clock.now() < until) {
      clock.advanceTo(Math.min(clock.now() + STEP_MS, until));
      await traffic.settled();
      await portal.catchUp();
      if (clock.now() >= nextTick) {
        nextTick += MINUTE;
        await portal.reconciler.tick(NEVER);
      }
      await portal.idle();
    }
  };

  const openReads = async () => {
    const states = await portal.store.syncStates();
    const done = states.filter(state => state.backfill === 'done').length;
    return Math.max(repositories - done, states.length - done);
  };
  // Over when all is read and a minute passes in which nothing more is.
  for (let calls = Infinity; calls > 2 || (await openReads()) > 0; ) {
    const known = counters.total();
    await play(clock.now() + MINUTE);
    calls = counters.total() - known;
  }
  const backfill = counters.total();
  say(`first read of ${repositories} repositories: ${backfill} calls`);
  await primeAsRunning({
    ...{ portal, random, history, git: share(first), now: clock.now() },
    betweenMs: BETWEEN_MS,
  });

  traffic.start();
  await play(clock.now() + WARM_UP_MS);
  counters.clear();
  const before = { pushes: traffic.pushes, delivered: portal.delivered() };
  const totals: number[] = [];
  for (let hour = 0; hour < hours; hour += 1) {
    const known = counters.total();
    await play(clock.now() + HOUR);
    totals.push(counters.total() - known);
    say(`hour ${hour + 1}: ${totals[hour]} calls`);
  }
  const routes = counters.list().map(({ method, route, calls }) => ({
    route: `${method} ${route}`,
    perHour: calls / hours,
  }));
  const result = {
    repositories,
    hours,
    totals,
    perHour: totals.reduce((sum, calls) => sum + calls, 0) / hours,
    runs: traffic.pushes - before.pushes,
    deliveries: portal.delivered() - before.delivered,
    backfill,
    routes,
    views: await viewTwice({ portal, sandbox, clock, count: 50 }),
  };
  await portal.close();
  await sandbox.close();
  await rm(dataDir, { recursive: true, force: true });
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

main().catch(error => {
  say(String(error?.stack ?? error));
  process.exit(1);
});
