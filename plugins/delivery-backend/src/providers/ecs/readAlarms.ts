import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type {
  RuntimeAlarm,
  RuntimeAlarmsFact,
  RuntimeScope,
} from 'backstage-plugin-delivery-common';
import { chunks, type AwsClients } from './clients';
import { alarmSchema, list, type RawAlarm } from './schema';

/** As many as CloudWatch allows in one call. */
const A_CALL = 100;
const STATES: Record<string, RuntimeAlarm['state']> = {
  OK: 'ok',
  ALARM: 'alarm',
  INSUFFICIENT_DATA: 'insufficient_data',
};

function alarmOf(name: string, raw: RawAlarm | undefined): RuntimeAlarm {
  if (!raw) return { name, state: 'missing' };
  const word = raw.StateValue ?? '';
  return {
    name,
    state: Object.hasOwn(STATES, word) ? STATES[word] : 'unknown',
    reason: raw.StateReason,
    updatedAt: raw.StateUpdatedTimestamp,
  };
}

/** See RuntimeProvider.readAlarms. */
export async function readAlarms(
  aws: AwsClients,
  { accountId, region }: RuntimeScope,
  names: string[],
  signal: AbortSignal,
): Promise<RuntimeAlarmsFact> {
  const scope = { accountId, region };
  const asked = [...new Set(names)];
  const parts = chunks(asked, A_CALL).map(AlarmNames =>
    aws.pages('alarms', async NextToken => {
      const answer = await aws.call(
        'cloudwatch',
        scope,
        { operation: 'DescribeAlarms', signal },
        (client, options) =>
          client.send(
            new DescribeAlarmsCommand({
              AlarmNames,
              // Without it only the simple ones are told.
              AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
              MaxRecords: A_CALL,
              NextToken,
            }),
            options,
          ),
      );
      return {
        items: [
          ...list(alarmSchema, A_CALL).parse(answer.MetricAlarms),
          ...list(alarmSchema, A_CALL).parse(answer.CompositeAlarms),
        ],
        next: answer.NextToken,
      };
    }),
  );
  const found = new Map(
    (await Promise.all(parts)).flat().map(raw => [raw.AlarmName, raw]),
  );
  return {
    kind: 'runtimeAlarms',
    ...scope,
    alarms: asked.map(name => alarmOf(name, found.get(name))),
  };
}
