import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EventsService } from '@backstage/plugin-events-node';
import type { RuntimeProvider } from 'backstage-plugin-delivery-node';
import type { RuntimeReader } from './RuntimeReader';

/** Where modules that take in EventBridge publish what it says of ECS. */
const TOPICS = ['aws.ecs', 'aws.ecs.deployment', 'aws.eventbridge', 'aws'];

/** Events of runtimes that come through the portal's events service. They are hints to read now; one that cannot be read is dropped. */
export async function runtimeHintsFromEvents(options: {
  events: EventsService;
  providers: RuntimeProvider[];
  reader: Pick<RuntimeReader, 'hint'>;
  logger: LoggerService;
  now: () => number;
}): Promise<void> {
  const { events, providers, reader, logger, now } = options;
  await events.subscribe({
    id: 'delivery-runtime',
    topics: TOPICS,
    async onEvent({ topic, eventPayload }) {
      const event = {
        name: nameOf(eventPayload) ?? topic,
        payload: eventPayload,
        receivedAt: now(),
      };
      for (const provider of providers) {
        try {
          reader.hint(provider.parseEvent(event));
        } catch (error) {
          logger.warn('An event of a runtime could not be read', {
            ...{ topic, provider: provider.id, reason: String(error) },
          });
        }
      }
    },
  });
}

/** EventBridge says in the body what kind of event it is. */
function nameOf(payload: unknown): string | undefined {
  const type = (payload as { 'detail-type'?: unknown } | null)?.['detail-type'];
  return typeof type === 'string' ? type : undefined;
}
