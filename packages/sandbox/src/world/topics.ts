/** One thing people keep working on in a component: a file and what they say about it. */
export interface Topic {
  path: string;
  /** Content after the n-th change. */
  render(n: number): string;
  titles: string[];
}

const constant = (
  path: string,
  name: string,
  start: number,
  step: number,
  titles: string[],
): Topic => ({
  path,
  titles,
  render: n =>
    `/** Tuned from what production shows. */\nexport const ${name} = ${
      start + n * step
    };\n`,
});

const python = (
  path: string,
  name: string,
  start: number,
  titles: string[],
): Topic => ({
  path,
  titles,
  render: n =>
    `"""Tuned from what production shows."""\n\n${name} = ${start + n}\n`,
});

const json = (
  path: string,
  key: string,
  start: number,
  titles: string[],
): Topic => ({
  path,
  titles,
  render: n => `${JSON.stringify({ [key]: start + n }, null, 2)}\n`,
});

const UTILS = constant('packages/utils/src/retry.ts', 'retryDelayMs', 200, 5, [
  'Back off longer before a retry',
  'Retry only what may be retried',
]);

const API: Topic[] = [
  constant('services/api/src/limits.ts', 'requestsPerMinute', 600, 10, [
    'Raise the request limit for large merchants',
    'Count requests per merchant, not per key',
    'Answer 429 with a Retry-After header',
  ]),
  constant('services/api/src/idempotency.ts', 'keyLifetimeHours', 24, 1, [
    'Keep idempotency keys for longer',
    'Refuse an idempotency key with another body',
  ]),
  constant('services/api/src/webhooks.ts', 'webhookTimeoutMs', 3000, 50, [
    'Give merchant webhooks more time',
    'Sign webhooks with the newest key',
    'Log the id of a webhook that could not be delivered',
  ]),
  constant('services/api/src/settlement.ts', 'settlementBatch', 500, 25, [
    'Settle in larger batches',
    'Round half a cent to even',
    'Fix the cut-off time of settlements in summer',
  ]),
];

const LEDGER: Topic[] = [
  constant('services/ledger/src/journal.ts', 'entriesPerPage', 100, 5, [
    'Page the journal by key',
    'Show both sides of a booking',
  ]),
  constant('services/ledger/src/balance.ts', 'balanceCacheSeconds', 30, 1, [
    'Cache balances a little longer',
    'Lock one account at a time',
    'Refuse a booking that does not add up',
  ]),
];

const CICD: Topic[] = [
  python('app/settings.py', 'REQUEST_TIMEOUT_SECONDS', 5, [
    'Wait longer for slow clients',
    'Read settings from the environment',
  ]),
  python('app/health.py', 'HEALTH_INTERVAL_SECONDS', 10, [
    'Check health less often',
    'Tell readiness from liveness',
  ]),
  json('infra/ecs/autoscaling.json', 'desiredCount', 2, [
    'Scale out before noon',
    'Lower the memory of the task',
  ]),
];

const ORDERS: Topic[] = [
  constant('app/src/limits.js', 'ordersPerBatch', 20, 2, [
    'Take more orders in one go',
    'Stop cleanly when the task is stopped',
  ]),
  constant('app/src/deadLetters.js', 'maxDeliveries', 3, 1, [
    'Put poisonous orders aside sooner',
    'Say why an order was put aside',
  ]),
];

const ORDERS_INFRA: Topic[] = [
  constant('infra/lib/queue.ts', 'visibilityTimeoutSeconds', 60, 5, [
    'Hide messages for longer while an order is handled',
    'Alarm on old messages',
  ]),
];

const BACKEND: Topic[] = [
  constant('backend/src/limits.ts', 'eventsPerRequest', 500, 50, [
    'Accept larger batches of events',
    'Refuse events from the future',
  ]),
  constant('backend/src/query.ts', 'queryTimeoutMs', 8000, 100, [
    'Stop slow queries earlier',
    'Use the time index for counts',
  ]),
];

const FRONTEND: Topic[] = [
  constant('frontend/src/refresh.ts', 'refreshSeconds', 15, 1, [
    'Refresh dashboards less often',
    'Keep the chosen range in the address',
    'Show an empty dashboard as empty',
  ]),
];

const BILLING: Topic[] = [
  json('config.json', 'invoicePrefix', 2000, [
    'fix invoices',
    'quick fix',
    'change VAT text',
  ]),
];

/** What people work on, by component; `order-processing-infra` is the CDK half of order-processing. */
export const TOPICS: Record<string, Topic[]> = {
  'vaultex-api': [...API, UTILS],
  'vaultex-ledger': LEDGER,
  'cicd-platform': CICD,
  'order-processing': ORDERS,
  'order-processing-infra': ORDERS_INFRA,
  'eventflow-backend': BACKEND,
  'eventflow-frontend': FRONTEND,
  'legacy-billing': BILLING,
};
