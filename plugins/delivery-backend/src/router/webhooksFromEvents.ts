import type { EventsService } from '@backstage/plugin-events-node';
import type { Inbox } from '../ingestion/Inbox';

/** Events that say something of runs, jobs, deployments, checks, changes and incidents; a subscription cannot name them all by a pattern. */
const EVENTS = [
  'workflow_run',
  'workflow_job',
  'deployment',
  'deployment_status',
  'deployment_review',
  'check_run',
  'push',
  'repository',
  'issues',
  'pull_request',
];

/**
 * The second way in: topics `github.*` of the portal's events service, where another route took the delivery in and checked its
 * signature. A delivery that cannot be written down makes the handler fail; the events service decides what that means.
 */
export async function webhooksFromEvents(options: {
  events: EventsService;
  inbox: Pick<Inbox, 'accept'>;
  now: () => number;
}): Promise<void> {
  const { events, inbox, now } = options;
  await events.subscribe({
    id: 'delivery-github',
    topics: EVENTS.map(event => `github.${event}`),
    async onEvent({ topic, eventPayload, metadata }) {
      const id = metadata?.['x-github-delivery'];
      await inbox.accept({
        provider: 'github',
        deliveryId: typeof id === 'string' ? id : undefined,
        event: topic.slice('github.'.length),
        body: JSON.stringify(eventPayload),
        receivedAt: now(),
      });
    },
  });
}
