import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { RuntimeScope } from 'backstage-plugin-delivery-common';
import type { RuntimeCall } from 'backstage-plugin-delivery-node';
import limitOf from 'p-limit';
import { AccountIdentity } from './AccountIdentity';
import type { AwsIdentityProvider } from './credentials';
import { codeOf, detailed, toEcsError } from './errors';
import { assertScope } from './places';

const CLIENTS = {
  ecs: ECSClient,
  elasticloadbalancing: ElasticLoadBalancingV2Client,
  ecr: ECRClient,
  cloudwatch: CloudWatchClient,
  cloudformation: CloudFormationClient,
};
type Service = keyof typeof CLIENTS;
type ClientOf<S extends Service> = InstanceType<(typeof CLIENTS)[S]>;

/** Calls at once per account and region; the rates of aws.md 1.4 are per account and region, too. */
const AT_ONCE = 5;
const CONNECT_MS = 3_000;
const ANSWER_MS = 15_000;
/** Clients are kept for so many services, accounts and regions; far more than a portal reads. */
const MAX_CLIENTS = 1_000;
/** Pages that are read of one list; ends one that never ends. */
const MAX_PAGES = 200;
const REFUSED_CREDENTIALS = ['credentials_missing', 'credentials_expired'];

export interface AwsClientsOptions {
  /** By account id. */
  credentials: (accountId: string) => Promise<AwsIdentityProvider>;
  logger: LoggerService;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Every call that is sent, repeated ones too. */
  onCall?: (call: RuntimeCall) => void;
  /** Tests only; production leaves it to the SDK (`AWS_ENDPOINT_URL`). */
  endpoint?: string;
  /** How often a call is sent that is throttled or not answered; 5 when not said. */
  maxAttempts?: number;
  /** Tests only: milliseconds before a call is sent again, instead of the SDK's adaptive ones. */
  retryDelayMs?: number;
}

export interface CallContext {
  /** Name of the operation: `DescribeServices`. */
  operation: string;
  signal: AbortSignal;
  cluster?: string;
  service?: string;
  /** Names of errors the caller deals with; they arrive as {@link VendorRefusal}. */
  expected?: string[];
}

/** An error of AWS the caller asked for; its text is only to be searched, never shown. */
export class VendorRefusal extends Error {
  constructor(readonly word: string, readonly text: string) {
    super(word);
    this.name = 'VendorRefusal';
  }
}

/** The clients of all services, accounts and regions, made when they are first needed. */
export class AwsClients {
  private readonly clients = new Map<string, ClientOf<Service>>();
  private readonly identities = new Map<string, AccountIdentity>();
  private readonly limits = new Map<string, ReturnType<typeof limitOf>>();

  constructor(private readonly options: AwsClientsOptions) {}

  get now(): number {
    return this.options.clock();
  }

  get logger(): LoggerService {
    return this.options.logger;
  }

  /**
   * One call.
   *
   * @throws an error of `toEcsError`; the signal's reason when aborted
   */
  async call<S extends Service, T>(
    service: S,
    { accountId, region }: RuntimeScope,
    context: CallContext,
    send: (
      client: ClientOf<S>,
      options: { abortSignal: AbortSignal },
    ) => Promise<T>,
  ): Promise<T> {
    const { signal } = context;
    const scope = { accountId, region };
    signal.throwIfAborted();
    assertScope(scope);
    const limit = kept(this.limits, `${accountId} ${region}`, () =>
      limitOf(AT_ONCE),
    );
    const work = limit(async () => {
      signal.throwIfAborted();
      try {
        // Here and not only inside of the client: it would repeat what is in vain.
        await this.identity(accountId).get(region);
        signal.throwIfAborted();
        return await send(this.client(service, scope), { abortSignal: signal });
      } catch (error) {
        signal.throwIfAborted();
        const { name = '', message = '' } = error as Error;
        if (context.expected?.includes(name)) {
          throw new VendorRefusal(name, String(message).slice(0, 10_000));
        }
        const action = `${service}:${context.operation}`;
        const told = toEcsError(error, { ...scope, ...context, action });
        if (REFUSED_CREDENTIALS.includes(codeOf(told) ?? '')) {
          this.forget(accountId);
        }
        throw told;
      }
    });
    // Neither the queue nor the SDK's pause before another attempt looks at the signal.
    return untilAborted(work, signal);
  }

  /** All pages of a list, in their order. */
  async pages<T>(
    action: string,
    page: (token?: string) => Promise<{ items: T[]; next?: string }>,
  ): Promise<T[]> {
    const all: T[] = [];
    const seen = new Set<string>();
    let next: string | undefined;
    do {
      const answer = await page(next);
      all.push(...answer.items);
      next = answer.next;
      if (next !== undefined && (seen.has(next) || seen.size >= MAX_PAGES)) {
        throw detailed(
          new Error(
            `AWS's list of ${action} does not end: read it by hand, and report how long it is.`,
          ),
          { code: 'read_failed', params: { action } },
        );
      }
      if (next !== undefined) seen.add(next);
    } while (next !== undefined);
    return all;
  }

  private identity(accountId: string): AccountIdentity {
    return kept(
      this.identities,
      accountId,
      () => new AccountIdentity({ ...this.options, accountId }),
    );
  }

  /** Credentials that say no end are kept for ever, by the SDK's clients, too: the next call shall see those that were put in order. */
  private forget(accountId: string): void {
    this.identities.delete(accountId);
    for (const key of [...this.clients.keys()]) {
      if (key.split(' ')[1] === accountId) this.clients.delete(key);
    }
  }

  private client<S extends Service>(
    service: S,
    scope: RuntimeScope,
  ): ClientOf<S> {
    const key = [service, scope.accountId, scope.region].join(' ');
    return kept(this.clients, key, () =>
      this.newClient(service, scope),
    ) as ClientOf<S>;
  }

  private newClient(service: Service, scope: RuntimeScope) {
    const { endpoint, maxAttempts = 5, retryDelayMs, onCall } = this.options;
    const identity = this.identity(scope.accountId);
    const client = new CLIENTS[service]({
      ...clientSettings(scope.region, endpoint),
      credentials: () => identity.get(scope.region),
      maxAttempts,
      retryMode: 'adaptive',
      ...(retryDelayMs !== undefined && {
        retryStrategy: steadyRetries(maxAttempts, retryDelayMs),
      }),
    });
    countCalls(client, operation =>
      onCall?.({ ...scope, operation: `${service}.${operation}` }),
    );
    return client;
  }
}

/** What every client is made with. */
export function clientSettings(region: string, endpoint: string | undefined) {
  return {
    region,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
    },
    customUserAgent: 'delivery-for-backstage',
    ...(endpoint && { endpoint }),
  };
}

/** Tells the name of every call that is sent, repeated ones too. */
export function countCalls(
  client: object,
  tell: (operation: string) => void,
): void {
  // The step after the retries: it sees every attempt.
  const { add } = (client as ECSClient).middlewareStack;
  add(
    (next, context) => args => {
      tell(String(context.commandName).replace(/Command$/, ''));
      return next(args);
    },
    { step: 'deserialize', name: 'deliveryCountCalls' },
  );
}

function steadyRetries(
  maxAttempts: number,
  delayMs: number,
): NonNullable<
  NonNullable<ConstructorParameters<typeof ECSClient>[0]>['retryStrategy']
> {
  const token = (tried: number) => ({
    getRetryCount: () => tried,
    getRetryDelay: () => delayMs,
  });
  return {
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async (last, { errorType }) => {
      const tried = last.getRetryCount() + 1;
      if (errorType === 'CLIENT_ERROR' || tried >= maxAttempts) {
        throw new Error('enough');
      }
      return token(tried);
    },
    recordSuccess: () => {},
  };
}

/** Of a map with an end: the oldest entry makes room. */
function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  const [oldest] = map.keys();
  if (map.size >= MAX_CLIENTS && oldest !== undefined) map.delete(oldest);
  map.set(key, made);
  return made;
}

async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Parts of at most so many. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += size) {
    parts.push(items.slice(from, from + size));
  }
  return parts;
}
