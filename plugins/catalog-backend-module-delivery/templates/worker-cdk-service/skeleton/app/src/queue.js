import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';

/**
 * What the worker wants of a queue. Tests bring their own, so that they need no AWS.
 * @typedef {object} Message
 * @property {string} id the queue's id, for the log only
 * @property {string} body
 * @property {string} receipt what removes or releases this delivery
 * @property {number} deliveries how often it has been delivered, this one included
 *
 * @typedef {object} Queue
 * @property {(options: {signal: AbortSignal}) => Promise<Message[]>} receive waits for messages; rejects when aborted
 * @property {(receipt: string) => Promise<void>} remove it is done
 * @property {(receipt: string) => Promise<void>} release another worker may have it at once
 */

/**
 * @param {{client: {send: Function}, queueUrl: string, waitSeconds: number, visibilitySeconds: number}} options
 * @returns {Queue}
 */
export function sqsQueue({ client, queueUrl, waitSeconds, visibilitySeconds }) {
  return {
    async receive({ signal }) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 1,
          WaitTimeSeconds: waitSeconds,
          VisibilityTimeout: visibilitySeconds,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
        { abortSignal: signal },
      );
      return Messages.map(message => ({
        id: message.MessageId,
        body: message.Body ?? '',
        receipt: message.ReceiptHandle,
        deliveries: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
      }));
    },
    async remove(receipt) {
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));
    },
    async release(receipt) {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receipt,
          VisibilityTimeout: 0,
        }),
      );
    },
  };
}
