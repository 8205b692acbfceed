import { SandboxEvent } from '../../state';
import { GitHubContext } from '../gitHubContext';
import { Outgoing } from './webhookSender';
import { renderWebhook } from './webhookBodies';

function repoIdOf(event: SandboxEvent): number {
  if ('run' in event) return event.run.repoId;
  if ('deployment' in event) return event.deployment.repoId;
  if ('pull' in event) return event.pull.repoId;
  if ('issue' in event) return event.issue.repoId;
  return event.repoId;
}

/**
 * Sends a webhook for each event of the state, in the order the events happened: a push whose body still reads
 * git holds back the runs it caused.
 */
export function subscribeWebhooks(ctx: GitHubContext): void {
  let tail: Promise<void> | undefined;
  ctx.store.onEvent((event: SandboxEvent) => {
    // what still ends in a repository that was deleted is nobody's business
    if (!ctx.store.repos.has(repoIdOf(event))) return;
    const rendered: Promise<Outgoing> | Outgoing = renderWebhook(ctx, event);
    if (!tail && !(rendered instanceof Promise)) {
      ctx.webhooks.send(rendered);
      return;
    }
    const before = tail ?? Promise.resolve();
    const mine: Promise<void> = before
      .then(() => rendered)
      .then(
        outgoing => ctx.webhooks.send(outgoing),
        error => {
          process.stderr.write(
            `sandbox: no webhook for ${event.event}: ${error}\n`,
          );
        },
      )
      .finally(() => {
        if (tail === mine) tail = undefined;
      });
    tail = mine;
  });
}
