import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** A message is hidden this long after delivery: longer than the slowest one may take. */
export const visibilityTimeout = Duration.seconds(120);

/** The work queue, its dead-letter queue and the two alarms that watch them. */
export class WorkQueues extends Construct {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { prefix }: { readonly prefix: string }) {
    super(scope, id);
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Messages outlive a stack that was deleted by mistake.
      removalPolicy: RemovalPolicy.RETAIN,
    };
    this.deadLetters = new Queue(this, 'DeadLetters', common);
    this.queue = new Queue(this, 'Queue', {
      ...common,
      visibilityTimeout,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    const calm = {
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    };
    this.alarms = [
      new Alarm(this, 'AgeAlarm', {
        ...calm,
        alarmName: `${prefix}-queue-age`,
        alarmDescription: 'The oldest message has waited more than ten minutes. See docs/runbook.md.',
        metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
        threshold: 600,
        evaluationPeriods: 3,
      }),
      new Alarm(this, 'DeadLetterAlarm', {
        ...calm,
        alarmName: `${prefix}-dead-letters`,
        alarmDescription: 'Messages failed five times. See docs/runbook.md.',
        metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
          period: Duration.minutes(1),
        }),
        threshold: 0,
        evaluationPeriods: 1,
      }),
    ];
  }
}
