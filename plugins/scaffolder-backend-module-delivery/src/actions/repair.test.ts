import { createService, makePlatform } from '../__testUtils__/createService';
import { Portal } from '../__testUtils__/makePortal';

let portal: Portal;
beforeEach(async () => {
  portal = await new Portal().start();
  makePlatform(portal);
});
afterEach(() => portal.stop());

/** Everything that creating a service leaves at GitHub, without ids. */
function left(): string {
  const repo = portal.github.repositories.get('acme/shop')!;
  const environments = [...repo.environments.values()].map(one => ({
    ...one,
    id: 0,
    branches: one.branches.map(({ name, type }) => ({ name, type })),
    variables: [...one.variables],
  }));
  const rulesets = repo.rulesets.map(one => ({ ...one, id: 0 }));
  const { permissions, selected, workflow, privateForks, retention } = repo;
  return JSON.stringify({
    ...{ environments, rulesets, permissions, selected, workflow },
    ...{ privateForks, retention },
    variables: [...repo.variables],
  });
}

/** Whoever could deploy to production now would need an approval. */
function isNeverHalfProtected(): boolean {
  const production = portal.github.repositories
    .get('acme/shop')
    ?.environments.get('production');
  return (
    production === undefined ||
    (production.reviewers.length > 0 &&
      production.prevent_self_review &&
      production.policy !== null)
  );
}

/** Lets so many writes through; the next one is answered by an error. Reads are not counted: they are tried again. */
function stopAtWrite(count: number, status: number): void {
  let seen = 0;
  const path = { test: () => seen++ === count };
  portal.github.faults = ['PUT', 'POST', 'PATCH', 'DELETE'].map(method => ({
    ...{ method, path, status },
  }));
}

describe('Creating a service', () => {
  it('ends with a list without failures', async () => {
    const { outputs, error } = await createService(portal);
    expect(error).toBeUndefined();
    expect(outputs.ok).toBe(true);
  });

  it('writes next to nothing when everything is there', async () => {
    await createService(portal);
    const before = left();
    portal.github.asked.length = 0;
    const { outputs } = await createService(portal);

    expect(outputs.ok).toBe(true);
    expect(left()).toBe(before);
    expect(portal.github.writes().some(one => one.startsWith('POST'))).toBe(
      false,
    );
  });

  it('is finished by a second run, wherever GitHub stopped answering', async () => {
    await createService(portal);
    const whole = left();
    const writes = portal.github.writes().length;
    expect(writes).toBeGreaterThan(20);

    for (let stop = 0; stop < writes; stop++) {
      portal.github.repositories.delete('acme/shop');
      stopAtWrite(stop, stop % 2 === 0 ? 500 : 403);
      const first = await createService(portal);
      expect(first.error?.message).toMatch(/GitHub/);
      expect(isNeverHalfProtected()).toBe(true);

      const second = await createService(portal);
      expect(second.error).toBeUndefined();
      expect(left()).toBe(whole);
    }
  }, 60_000);
});
