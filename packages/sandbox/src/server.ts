import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { join } from 'path';
import { AwsCloud, AwsRecords, createAwsCloud, emptyRecords } from './aws';
import { AwsCallCounters, createAws } from './aws/wire';
import { controlRouter } from './control/controlRouter';
import { ApiRoutes } from './github/api/apiRoutes';
import { CallCounters } from './github/callCounters';
import { addPages, createGitHub } from './github/createGitHub';
import { Faults } from './github/faults';
import { openGitHubApp, provisionerApp } from './github/gitHubApp';
import { GitHubContext } from './github/gitHubContext';
import { RateLimits } from './github/rateLimits';
import { Tokens } from './github/tokens';
import { subscribeWebhooks } from './github/webhooks/subscribe';
import { WebhookSender } from './github/webhooks/webhookSender';
import {
  BuildWorld,
  Clock,
  ComponentOf,
  CreateEngine,
  GitStore,
  PlacesOf,
  SandboxState,
  SuggestChange,
  WorkflowEngine,
} from './state';
import { DeliveryFiles } from './store/deliveryFiles';
import { GitRepositories } from './store/gitRepositories';
import { SandboxStore } from './store/sandboxStore';
import { seededRandom } from './store/seededRandom';
import { systemClock } from './store/systemClock';

const DAY = 24 * 3600_000;

export interface SandboxOptions {
  /** Folder for repositories, snapshot, deliveries and the App's key. */
  dataDir: string;
  /** 7011 when absent; 0 takes any free port. */
  port?: number;
  /** Port of AWS: 7012 when absent; 0 takes any free port. */
  awsPort?: number;
  webhookUrl?: string;
  webhookSecret?: string;
  clientId?: string;
  clientSecret?: string;
  /** The second App as OAuth client: `Iv1.provisioner` and `provisioner-secret` when absent. */
  provisioner?: { clientId?: string; clientSecret?: string };
  /** Decides the world, durations and faults. */
  seed?: string;
  /** Wall clock when absent. */
  clock?: Clock;
  /** Durations of jobs are divided by this; 15 when absent. */
  speed?: number;
  /** `profile`: live runs fail as often as those of the history; `none` (when absent): only when told to. */
  failures?: 'none' | 'profile';
  /** `false`: people and repositories without past runs. */
  history?: boolean;
}

/** The parts the server does not build itself. */
export interface SandboxParts {
  createEngine: CreateEngine;
  buildWorld: BuildWorld;
  componentOf: ComponentOf;
  suggestChange?: SuggestChange;
  /** Which services of AWS a component runs as; nothing when absent. */
  placesOf?: PlacesOf;
}

export interface Sandbox {
  /** `http://127.0.0.1:<port>` */
  url: string;
  state: SandboxState;
  engine: WorkflowEngine;
  git: GitStore;
  /** The wire's own parts: tokens, faults, call counters, webhooks. */
  github: GitHubContext;
  /** The table of REST routes. */
  api: ApiRoutes;
  /** AWS at an address of its own: all services, accounts and regions. */
  aws: {
    /** `http://127.0.0.1:<port>` */
    url: string;
    /** Another one after a reset. */
    cloud: AwsCloud;
    counters: AwsCallCounters;
  };
  /** Saves and stops. */
  close(): Promise<void>;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function stopServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

/** AWS as the state remembers it; whatever happens to it is saved with the state. */
function openAws(store: SandboxStore, seed: string, speed: number): AwsCloud {
  const saved = store.saved.get('aws') as AwsRecords | undefined;
  const records = saved ?? emptyRecords();
  store.saved.set('aws', records);
  return createAwsCloud({
    records,
    clock: store.clock,
    seed,
    speed,
    changed: () => store.changed(),
  });
}

/**
 * Starts GitHub and AWS on loopback from their parts.
 * @throws Error with code `EADDRINUSE` when the port is taken
 */
export async function startServer(
  options: SandboxOptions,
  parts: SandboxParts,
): Promise<Sandbox> {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? 'delivery';
  const speed = options.speed ?? 15;
  const { store, existed } = await SandboxStore.open({
    clock,
    folder: options.dataDir,
  });
  const git = new GitRepositories(join(options.dataDir, 'git'));
  const faults = new Faults(clock, seededRandom(`${seed} faults`));
  const app = await openGitHubApp({
    folder: options.dataDir,
    clientId: options.clientId ?? 'Iv1.sandbox',
    clientSecret: options.clientSecret ?? 'sandbox-secret',
    createdAt: Date.UTC(2026, 0, 5),
  });
  const provisioner = provisionerApp(options.provisioner);
  const build = async () => {
    const anchor = Math.floor(clock.now() / DAY) * DAY;
    store.saved.set('anchor', anchor);
    await parts.buildWorld({
      state: store,
      git,
      seed,
      anchor,
      history: options.history ?? true,
      speed,
    });
    store.changed();
    await store.save();
  };
  if (!existed) {
    // what an interrupted first start left behind would change the shas
    await git.removeAll();
    await build();
  }
  let cloud = openAws(store, seed, speed);
  const startEngine = () =>
    parts.createEngine({ state: store, git, seed, speed, aws: cloud });
  const serveAws = (counters?: AwsCallCounters) =>
    createAws({
      cloud,
      clock,
      counters,
      changed: () => store.changed(),
    });
  let aws = serveAws();
  const engine = startEngine();
  const context: GitHubContext = {
    store,
    git,
    engine,
    app,
    provisioner,
    faults,
    tokens: new Tokens(store, app, provisioner),
    rates: new RateLimits(store),
    counters: new CallCounters(),
    webhooks: new WebhookSender(
      store,
      faults,
      app,
      new DeliveryFiles(join(options.dataDir, 'deliveries')),
      options.webhookUrl ??
        'http://127.0.0.1:7007/api/delivery/webhooks/github',
      options.webhookSecret ?? 'sandbox-webhook-secret',
    ),
    aws: { cloud, counters: aws.counters },
    baseUrl: '',
  };
  subscribeWebhooks(context);
  const { app: express, api } = createGitHub(context);
  express.use(
    '/_sandbox',
    controlRouter(context, parts, async () => {
      context.engine.stop();
      await store.clear();
      await git.removeAll();
      faults.clear();
      context.rates.clear();
      context.counters.clear();
      aws.counters.reset();
      await build();
      cloud = openAws(store, seed, speed);
      aws = serveAws(aws.counters);
      context.aws = { cloud, counters: aws.counters };
      context.engine = startEngine();
      // a run of the new world waits for a person
      await context.engine.resume();
    }),
  );
  addPages(context, express);
  const server = createServer(express);
  const port = await listen(server, options.port ?? 7011);
  context.baseUrl = `http://127.0.0.1:${port}`;
  // after a reset another app answers at the same address
  const awsServer = createServer((req, res) => aws.app(req, res));
  const awsPort = await listen(awsServer, options.awsPort ?? 7012).catch(
    async error => {
      await stopServer(server);
      throw error;
    },
  );
  await engine.resume();
  return {
    url: context.baseUrl,
    state: store,
    git,
    github: context,
    api,
    aws: {
      url: `http://127.0.0.1:${awsPort}`,
      counters: aws.counters,
      get cloud() {
        return cloud;
      },
    },
    get engine() {
      return context.engine;
    },
    close: async () => {
      context.engine.stop();
      await Promise.all([stopServer(server), stopServer(awsServer)]);
      await context.webhooks.close();
      await store.close();
    },
  };
}
