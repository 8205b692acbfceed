import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sqsQueue } from '../src/queue.js';

const QUEUE_URL = 'https://sqs.example/queue';

const queueWith = answer => {
  const sent = [];
  const client = {
    send: async (command, options) => {
      sent.push({ name: command.constructor.name, input: command.input, options });
      return answer;
    },
  };
  const queue = sqsQueue({ client, queueUrl: QUEUE_URL, waitSeconds: 5, visibilitySeconds: 60 });
  return { queue, sent };
};

test('a message comes with its receipt and the number of its deliveries', async () => {
  const { queue, sent } = queueWith({
    Messages: [
      { MessageId: 'm1', Body: '{}', ReceiptHandle: 'r1', Attributes: { ApproximateReceiveCount: '3' } },
    ],
  });
  const { signal } = new AbortController();
  assert.deepEqual(await queue.receive({ signal }), [
    { id: 'm1', body: '{}', receipt: 'r1', deliveries: 3 },
  ]);
  assert.equal(sent[0].input.WaitTimeSeconds, 5);
  assert.equal(sent[0].input.VisibilityTimeout, 60);
  assert.equal(sent[0].options.abortSignal, signal);
});

test('an empty queue gives no messages', async () => {
  const { queue } = queueWith({});
  assert.deepEqual(await queue.receive({ signal: new AbortController().signal }), []);
});

test('a message is removed, or released at once', async () => {
  const { queue, sent } = queueWith({});
  await queue.remove('r1');
  await queue.release('r2');
  assert.deepEqual(
    sent.map(({ name, input }) => ({ name, input })),
    [
      { name: 'DeleteMessageCommand', input: { QueueUrl: QUEUE_URL, ReceiptHandle: 'r1' } },
      {
        name: 'ChangeMessageVisibilityCommand',
        input: { QueueUrl: QUEUE_URL, ReceiptHandle: 'r2', VisibilityTimeout: 0 },
      },
    ],
  );
});
