import type { ServiceName } from '../../aws/cloud';
import type { ServiceRecord } from '../../aws/records';
import { ACCOUNT_IDS, type AccountName } from './accounts';

/** A service of the world and whose it is. */
export interface WorldService {
  /** Name of the catalog component. */
  component: string;
  environment: AccountName;
  name: ServiceName;
  /** Name of the repository in the build account's registry (for `latest`: in the service's own). */
  image: { repository: string; tag: 'sha' | 'latest' };
  desiredCount: number;
  /** Null: a worker without a balancer. */
  port: number | null;
  /** Shell command; null: the container has no health check of its own. */
  healthCheck: string | null;
  /** Name of the alarm, metric and threshold. */
  alarms: [name: string, metric: string, threshold: number][];
  settings: Partial<
    Pick<
      ServiceRecord,
      | 'strategy'
      | 'circuitBreaker'
      | 'bakeMinutes'
      | 'stepPercent'
      | 'stepBakeMinutes'
      | 'tags'
    >
  >;
}

const BREAKER = { circuitBreaker: { enable: true, rollback: true } };
const CURL = 'curl -fsS http://localhost:8080/health || exit 1';

const vaultex = (
  component: string,
  environment: 'staging' | 'production',
): WorldService => {
  const production = environment === 'production';
  return {
    component,
    environment,
    name: {
      accountId: ACCOUNT_IDS[environment],
      region: 'eu-west-1',
      cluster: 'vaultex',
      service: component,
    },
    image: { repository: component, tag: 'sha' },
    desiredCount: production ? 3 : 2,
    port: 8080,
    healthCheck: CURL,
    alarms: production
      ? [
          [`${component}-5xx`, 'HTTPCode_Target_5XX_Count', 10],
          [`${component}-latency`, 'TargetResponseTime', 0.8],
        ]
      : [],
    settings: production ? BREAKER : {},
  };
};

const orders = (environment: AccountName): WorldService => ({
  component: 'order-processing',
  environment,
  name: {
    accountId: ACCOUNT_IDS[environment],
    region: 'eu-west-1',
    cluster: 'orders',
    service: 'order-processing',
  },
  image: { repository: 'order-processing', tag: 'sha' },
  desiredCount: environment === 'production' ? 2 : 1,
  port: null,
  healthCheck: 'node healthcheck.js || exit 1',
  alarms: [
    [
      'order-processing-queue-age',
      'ApproximateAgeOfOldestMessage',
      environment === 'production' ? 300 : 900,
    ],
    ['order-processing-dlq', 'ApproximateNumberOfMessagesVisible', 1],
  ],
  settings: {
    tags: {
      'delivery.platform/entity': 'component:default/order-processing',
    },
  },
});

const eventflow = (
  part: 'backend' | 'frontend',
  environment: 'staging' | 'production',
): WorldService => {
  let settings: WorldService['settings'] = {};
  if (environment === 'production') {
    settings =
      part === 'backend'
        ? { strategy: 'BLUE_GREEN', bakeMinutes: 10 }
        : { strategy: 'LINEAR', stepPercent: 25, stepBakeMinutes: 2 };
  }
  return {
    component: `eventflow-${part}`,
    environment,
    name: {
      accountId: ACCOUNT_IDS[environment],
      region: 'eu-central-1',
      cluster: `eventflow-${environment}`,
      service: part,
    },
    image: { repository: `eventflow-${part}`, tag: 'sha' },
    desiredCount: 2,
    port: 8080,
    healthCheck: CURL,
    alarms: [],
    settings,
  };
};

/** Every service of the world. */
export const SERVICES: readonly WorldService[] = [
  vaultex('vaultex-api', 'staging'),
  vaultex('vaultex-api', 'production'),
  vaultex('vaultex-ledger', 'staging'),
  vaultex('vaultex-ledger', 'production'),
  {
    component: 'cicd-platform',
    environment: 'production',
    name: {
      accountId: ACCOUNT_IDS.production,
      region: 'eu-west-1',
      cluster: 'platform',
      service: 'cicd-platform',
    },
    image: { repository: 'cicd-platform', tag: 'sha' },
    desiredCount: 2,
    port: 8000,
    healthCheck: null,
    alarms: [],
    settings: {},
  },
  orders('dev'),
  orders('qa'),
  orders('staging'),
  orders('production'),
  eventflow('backend', 'staging'),
  eventflow('frontend', 'staging'),
  eventflow('backend', 'production'),
  eventflow('frontend', 'production'),
  {
    component: 'legacy-billing',
    environment: 'production',
    name: {
      accountId: ACCOUNT_IDS.production,
      region: 'eu-west-1',
      cluster: 'prod',
      service: 'billing',
    },
    image: { repository: 'billing', tag: 'latest' },
    desiredCount: 1,
    port: 3000,
    healthCheck: null,
    alarms: [],
    settings: {},
  },
];

/** Where a component runs, one entry for each environment. */
export function placesOf(
  component: string,
): { environment: string; name: ServiceName }[] {
  return SERVICES.filter(spec => spec.component === component).map(
    ({ environment, name }) => ({ environment, name }),
  );
}
