import {
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import type { RuntimeScope } from 'backstage-plugin-delivery-common';
import type { RuntimeProvider } from 'backstage-plugin-delivery-node';
import { VendorRefusal, type AwsClients } from './clients';
import { driftSchema } from './schema';

export type StackDrift = Awaited<
  ReturnType<NonNullable<RuntimeProvider['readStackDrift']>>
>[number];

const STATUS: Record<string, StackDrift['status']> = {
  IN_SYNC: 'in_sync',
  DRIFTED: 'drifted',
  NOT_CHECKED: 'not_checked',
};
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;
const A_PAGE = 100;

/** See RuntimeProvider.readStackDrift. A stack that cannot be read is `unknown`, unless none can. */
export async function readStackDrift(
  aws: AwsClients,
  scope: RuntimeScope,
  stacks: string[],
  signal: AbortSignal,
): Promise<StackDrift[]> {
  const names = [...new Set(stacks)];
  const failures: unknown[] = [];
  const drifts = await Promise.all(
    names.map(async stack => {
      try {
        return await readStack(aws, scope, stack, signal);
      } catch (error) {
        signal.throwIfAborted();
        failures.push(error);
        return { stack, status: 'unknown' as const };
      }
    }),
  );
  if (failures.length > 0 && failures.length === names.length) {
    throw failures[0];
  }
  return drifts;
}

async function readStack(
  aws: AwsClients,
  scope: RuntimeScope,
  stack: string,
  signal: AbortSignal,
): Promise<StackDrift> {
  const unknown: StackDrift = { stack, status: 'unknown' };
  if (!NAME.test(stack)) return unknown;
  try {
    const answer = await aws.call(
      'cloudformation',
      scope,
      // How CloudFormation says that there is no such stack.
      { operation: 'DescribeStacks', signal, expected: ['ValidationError'] },
      (client, options) =>
        client.send(new DescribeStacksCommand({ StackName: stack }), options),
    );
    const parsed = driftSchema.safeParse(answer.Stacks?.[0]);
    const drift = parsed.success ? parsed.data.DriftInformation : undefined;
    const word = drift?.StackDriftStatus ?? '';
    const status = Object.hasOwn(STATUS, word) ? STATUS[word] : 'unknown';
    return {
      stack,
      status,
      checkedAt: drift?.LastCheckTimestamp,
      ...(status === 'drifted' && {
        driftedResources: await countDrifted(aws, scope, stack, signal),
      }),
    };
  } catch (error) {
    if (error instanceof VendorRefusal) return unknown;
    throw error;
  }
}

/** How many resources differ; undefined when only this cannot be read. */
async function countDrifted(
  aws: AwsClients,
  scope: RuntimeScope,
  stack: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const found = await aws.pages('drifted resources', async NextToken => {
      const answer = await aws.call(
        'cloudformation',
        scope,
        { operation: 'DescribeStackResourceDrifts', signal },
        (client, options) =>
          client.send(
            new DescribeStackResourceDriftsCommand({
              StackName: stack,
              StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
              MaxResults: A_PAGE,
              NextToken,
            }),
            options,
          ),
      );
      return {
        items: answer.StackResourceDrifts ?? [],
        next: answer.NextToken,
      };
    });
    return found.length;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
