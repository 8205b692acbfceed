import { hashUnit } from '../../engine';
import type { StackRecord } from '../../aws/records';
import { ACCOUNT_IDS, type AccountName } from './accounts';

const REGION = 'eu-west-1';

const hex = (...parts: string[]) =>
  Math.floor(hashUnit(...parts) * 0x100000000)
    .toString(16)
    .padStart(8, '0');

/** Stacks of order-processing, one in every account, checked for drift at `checkedAt`; somebody has changed staging's by hand. */
export function worldStacks(
  createdAt: number,
  checkedAt: number,
): StackRecord[] {
  return Object.entries(ACCOUNT_IDS).map(([environment, accountId]) => {
    const name = `order-processing-${environment as AccountName}`;
    const queue = (suffix: string) =>
      `https://sqs.${REGION}.amazonaws.com/${accountId}/${name}${suffix}`;
    const drifted = environment === 'staging';
    return {
      accountId,
      region: REGION,
      name,
      id: `arn:aws:cloudformation:${REGION}:${accountId}:stack/${name}/${hex(
        name,
        'a',
      )}-5c1d-11f0-9a3e-${hex(name, 'b')}0a1f`,
      createdAt,
      outputs: {
        QueueUrl: queue('-orders'),
        DeadLetterQueueUrl: queue('-orders-dlq'),
        ClusterName: 'orders',
        ServiceName: 'order-processing',
      },
      drift: {
        status: drifted ? 'DRIFTED' : 'IN_SYNC',
        resources: drifted ? 2 : 0,
        checkedAt,
      },
    };
  });
}
