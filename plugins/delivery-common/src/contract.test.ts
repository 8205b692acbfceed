import { deliveryContract, runsQuerySchema, stageSchema } from './contract';
import { CONCLUSIONS, STATUSES } from './model';
import { deliveryPermissions } from './permissions';

const operations = Object.entries(deliveryContract);

describe('deliveryContract', () => {
  it.each(operations)('%s names its path parameters', (_, operation) => {
    const names = [...operation.path.matchAll(/:([A-Za-z]+)/g)].map(m => m[1]);
    expect(Object.keys(operation.params.shape).sort()).toEqual(names.sort());
  });

  it.each(operations)(
    '%s asks for a permission that exists',
    (_, operation) => {
      const known = deliveryPermissions.map(permission => permission.name);
      expect(operation.permissions.length).toBeGreaterThan(0);
      operation.permissions.forEach(name => expect(known).toContain(name));
    },
  );

  it('has no two operations at one address', () => {
    const addresses = operations.map(([, { method, path }]) =>
      `${method} ${path}`.replace(/:[A-Za-z]+/g, ':'),
    );
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it.each(['github-com.1', 'ghes_7.12345678901234567890'])(
    'takes %s as the id of a run',
    id => {
      expect(deliveryContract.run.params.safeParse({ id }).success).toBe(true);
    },
  );

  it.each(['', '1', 'gh.', 'gh.1.2', 'gh.x', '../1', 'gh.1\n', "gh.1' OR 1=1"])(
    'refuses %j as the id of a run',
    id => {
      expect(deliveryContract.run.params.safeParse({ id }).success).toBe(false);
    },
  );

  it.each([
    [{ limit: '25' }, true],
    [{ limit: '0' }, false],
    [{ limit: '101' }, false],
    [{ limit: 'many' }, false],
    [{ status: 'waiting', conclusion: 'stale', scope: 'all' }, true],
    [{ status: 'splendid' }, false],
    [{ scope: 'everything' }, false],
    [{ cursor: 'x'.repeat(401) }, false],
  ])('reads the query %j: %s', (query, ok) => {
    expect(runsQuerySchema.safeParse(query).success).toBe(ok);
  });

  it('knows every status and conclusion of the model', () => {
    for (const status of STATUSES) {
      expect(
        stageSchema.parse({ name: 'a', status, rawStatus: 'x' }).status,
      ).toBe(status);
    }
    for (const conclusion of CONCLUSIONS) {
      expect(
        stageSchema.parse({
          name: 'a',
          status: 'completed',
          conclusion,
          rawStatus: 'completed',
        }).conclusion,
      ).toBe(conclusion);
    }
  });
});
