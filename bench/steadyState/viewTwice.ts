import type { HandClock } from '../../packages/sandbox/src/engine';
import type { Sandbox } from '../../packages/sandbox/src';
import { entityOf, type connectPortal } from './connectPortal';

/** Longer than every cache in memory keeps anything: what is answered then comes from the store. */
const LATER_MS = 15 * 60_000;

/**
 * Looks at services and at their newest completed run, twice.
 *
 * @returns calls of GitHub's API of the first and of the second time
 */
export async function viewTwice(options: {
  portal: Awaited<ReturnType<typeof connectPortal>>;
  sandbox: Sandbox;
  clock: HandClock;
  count: number;
}): Promise<{ services: number; first: number; warm: number }> {
  const { portal, sandbox, clock, count } = options;
  const { store, services, host } = portal;
  const { counters } = sandbox.github;
  const repositories = [...sandbox.state.repos.values()].slice(0, count);
  const view = async () => {
    counters.clear();
    for (const { owner, name } of repositories) {
      const entity = entityOf(host, `${owner}/${name}`);
      await services.runs.overview(entity);
      const { items } = await services.runs.runs(entity, {
        status: 'completed',
      });
      for (const { id: runKey } of items.slice(0, 1)) {
        const run = await store.run(runKey);
        const repository = run && (await store.repository(run.repoKey));
        if (!repository) throw new Error(`${runKey} is not stored.`);
        const via = `component:default/${name}`;
        await services.details.run({ run, repository, services: [via], via });
      }
      await portal.idle();
    }
    return counters.total();
  };
  const first = await view();
  clock.advance(LATER_MS);
  const warm = await view();
  return { services: repositories.length, first, warm };
}
