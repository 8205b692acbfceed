import { readFileSync } from 'fs';
import { join } from 'path';
import { mockServices } from '@backstage/backend-test-utils';
import type { RuntimeCall } from 'backstage-plugin-delivery-node';
import {
  createEcsProvider,
  type EcsProviderOptions,
} from '../createEcsProvider';
import { fakeAws, type FakeAws, type Input } from './fakeAws';

export const ACCOUNT = '222222222222';
export const REGION = 'eu-west-1';
export const CLUSTER = {
  accountId: ACCOUNT,
  region: REGION,
  cluster: 'production',
};
export const AT = Date.UTC(2026, 10, 20, 12);

/** A body written after the shapes the SDK documents; see fixtures/README.md. */
export function fixture<T = Record<string, unknown>>(name: string): T {
  const file = join(__dirname, '..', 'fixtures', `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

export const never = new AbortController().signal;

/** A server and providers of it, for the tests of one `describe`. */
export function useAws() {
  let aws: FakeAws;
  const calls: RuntimeCall[] = [];
  beforeEach(async () => {
    aws = await fakeAws();
    calls.length = 0;
  });
  afterEach(() => aws.close());
  return {
    calls,
    get aws() {
      return aws;
    },
    operations: () => aws.heard.map(({ operation }) => operation),
    provider: (options: Partial<EcsProviderOptions> = {}) =>
      createEcsProvider({
        credentials: async () => async () => ({
          accessKeyId: 'AKIDEXAMPLE',
          secretAccessKey: 'example',
        }),
        logger: mockServices.logger.mock(),
        clock: () => AT,
        onCall: call => calls.push(call),
        endpoint: aws.endpoint,
        retryDelayMs: 0,
        ...options,
      }),
  };
}

const [steady] = fixture<{ services: Input[] }>('DescribeServices').services;

/** A steady service of that name, as DescribeServices tells it. */
export function steadyService(name: string): Input {
  return {
    ...steady,
    serviceName: name,
    serviceArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/production/${name}`,
  };
}

/** Answers DescribeServices with a steady service for every name that is asked. */
export function everyService(input: Input): object {
  const names = input.services as string[];
  return { services: names.map(steadyService), failures: [] };
}
