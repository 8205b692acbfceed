import { mockServices } from '@backstage/backend-test-utils';
import { InputError } from '@backstage/errors';
import type { EventsServiceSubscribeOptions } from '@backstage/plugin-events-node';
import type { RawEvent, RuntimeHint } from 'backstage-plugin-delivery-node';
import { FakeRuntime } from '../__testUtils__/FakeRuntime';
import { runtimeHintsFromEvents } from './runtimeHintsFromEvents';

const HINT: RuntimeHint = { accountId: '111122223333', region: 'eu-west-1' };

async function make(parseEvent: (event: RawEvent) => RuntimeHint[]) {
  let subscription: EventsServiceSubscribeOptions | undefined;
  const hint = jest.fn();
  const logger = mockServices.logger.mock();
  const provider = Object.assign(new FakeRuntime(), { parseEvent });
  await runtimeHintsFromEvents({
    events: {
      publish: async () => {},
      subscribe: async options => {
        subscription = options;
      },
    },
    ...{ providers: [provider], reader: { hint }, logger, now: () => 7 },
  });
  const publish = (eventPayload: unknown) =>
    subscription!.onEvent({ topic: 'aws.ecs', eventPayload });
  return { hint, logger, publish, topics: subscription!.topics };
}

describe('runtimeHintsFromEvents', () => {
  it('makes hints of events, by the name that EventBridge gives them', async () => {
    const seen: RawEvent[] = [];
    const { hint, publish, topics } = await make(event => {
      seen.push(event);
      return [HINT];
    });
    const payload = { 'detail-type': 'ECS Deployment State Change' };
    await publish(payload);
    expect(topics).toContain('aws.ecs');
    expect(seen).toEqual([
      { name: 'ECS Deployment State Change', payload, receivedAt: 7 },
    ]);
    expect(hint).toHaveBeenCalledWith([HINT]);
  });

  it('drops what cannot be read, so that it is not delivered again and again', async () => {
    const { hint, logger, publish } = await make(() => {
      throw new InputError('names no service');
    });
    await publish(null);
    expect(hint).not.toHaveBeenCalled();
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});
