/**
 * Counts the calls of AWS's API that the plugin makes in a tick: `index.ts <services>`. Its real store, reader, provider and clients talk
 * to the sandbox's AWS, which counts. The last line of its output is JSON.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import Knex from 'knex';
import { createAwsCloud } from '../../packages/sandbox/src/aws';
import { createAws } from '../../packages/sandbox/src/aws/wire';
import { DatabaseDeliveryStore } from '../../plugins/delivery-backend/src/database/DatabaseDeliveryStore';
import { RuntimeReader } from '../../plugins/delivery-backend/src/ingestion/RuntimeReader';
import {
  createEcsProvider,
  ecsCredentials,
} from '../../plugins/delivery-backend/src/providers/ecs';
import { ACCOUNTS, expectedCalls, fillEstate, keyOf } from './estate';

const MINUTE = 60_000;
const TICKS = 10;
const NEVER = new AbortController().signal;
const say = (text: string) => process.stderr.write(`${text}\n`);

async function main() {
  const services = Number(process.argv[2]);
  // The wall clock, with jumps: credentials and rates are of today, and nobody waits a minute for the next tick.
  let jumped = 0;
  const clock = {
    now: () => Date.now() + jumped,
    after: () => () => {},
  };
  const cloud = createAwsCloud({
    ...{ clock, speed: 1, seed: 'calls' },
    changed: () => {},
  });
  const estate = fillEstate(cloud, services);
  const { app, counters } = createAws({ cloud, clock, changed: () => {} });
  const server = createServer(app);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${port}`;

  const folder = await mkdtemp(join(tmpdir(), 'delivery-b6-'));
  const knex = Knex({
    client: 'better-sqlite3',
    connection: { filename: join(folder, 'delivery.sqlite') },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  const { environments: store } = await DatabaseDeliveryStore.create({
    database: knex,
  });
  const config = new ConfigReader({
    aws: {
      mainAccount: {
        accessKeyId: 'AKIASANDBOXPORTAL',
        secretAccessKey: 'sandbox-portal-secret',
      },
      accounts: ACCOUNTS.map(accountId => ({
        ...{ accountId, roleName: 'delivery-read' },
      })),
    },
  });
  const logger: LoggerService = {
    error: say,
    warn: say,
    info: () => {},
    debug: () => {},
    child: () => logger,
  };
  const reader = new RuntimeReader({
    ...{ store, logger },
    clock: clock.now,
    steadyMs: MINUTE,
    movingMs: MINUTE,
    providers: [
      createEcsProvider({
        ...{ logger, clock: clock.now },
        credentials: ecsCredentials(config),
      }),
    ],
    clusterTimeoutMs: 120_000,
  });
  await store.replaceEnvironments(
    estate.services.map((each, index) => ({
      entityRef: `component:default/${index}`,
      environment: 'production',
      position: 0,
      tier: 'production' as const,
      match: ['production'],
      stacks: [],
      onlyWhenSeen: false,
      runtimeKey: keyOf(each),
    })),
    { complete: true },
  );

  const withoutSts = () =>
    counters
      .snapshot()
      .filter(({ operation }) => !operation.startsWith('sts.'))
      .reduce((sum, { calls }) => sum + calls, 0);
  const tick = async () => {
    const before = withoutSts();
    await reader.tick(NEVER);
    jumped += MINUTE;
    return withoutSts() - before;
  };
  const complete = async () => {
    const states = await store.runtimeReadStates();
    return states.filter(state => state.historySince !== undefined).length;
  };

  let first = 0;
  let rounds = 0;
  for (; (await complete()) < services; rounds += 1) {
    if (rounds > 200)
      throw new Error('The first read does not come to an end.');
    first += await tick();
  }
  say(`first read of ${services} services: ${first} calls in ${rounds} ticks`);
  // From a tick with tasks on.
  while (rounds % 5 !== 0) {
    await tick();
    rounds += 1;
  }
  const seen: number[] = [];
  const expected: number[] = [];
  counters.reset();
  for (let index = 0; index < TICKS; index += 1) {
    seen.push(await tick());
    expected.push(expectedCalls(estate, index % 5 === 0));
  }
  const operations = counters
    .snapshot()
    .reduce<Record<string, number>>((all, { operation, calls }) => {
      all[operation] = (all[operation] ?? 0) + calls;
      return all;
    }, {});
  reader.close();
  server.closeAllConnections();
  server.close();
  await knex.destroy();
  await rm(folder, { recursive: true, force: true });
  const sum = (map: Map<string, number>) =>
    [...map.values()].reduce((all, n) => all + n, 0);
  process.stdout.write(
    `${JSON.stringify({
      ...{ services, seen, expected, operations, first },
      clusters: new Set(
        estate.services.map(each => `${each.accountId} ${each.cluster}`),
      ).size,
      tasks: sum(estate.tasksOf),
      alarms: sum(estate.alarmsOf),
    })}\n`,
  );
}

main().catch(error => {
  say(String(error?.stack ?? error));
  process.exit(1);
});
