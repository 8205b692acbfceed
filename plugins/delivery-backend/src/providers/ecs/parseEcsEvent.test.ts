import * as fc from 'fast-check';
import type { Input } from './__testUtils__/fakeAws';
import { ACCOUNT, AT, fixture, REGION } from './__testUtils__/setup';
import { parseEcsEvent } from './parseEcsEvent';

const bodies = fixture<Record<string, Input>>('events');
const parse = (payload: unknown) =>
  parseEcsEvent({ name: 'aws', payload, receivedAt: AT });
const place = { accountId: ACCOUNT, region: REGION };
const vaultex = { ...place, cluster: 'production', service: 'vaultex' };

/** What is refused gives nothing; any other error goes on. */
function hintsOrRefused(payload: unknown) {
  try {
    return parse(payload);
  } catch (error) {
    if ((error as Error).name === 'InputError') return [];
    throw error;
  }
}

describe('what an event of EventBridge says should be read', () => {
  it.each(['deployment', 'service', 'task', 'hook'])('%s', name => {
    expect(parse(bodies[name])).toEqual([vaultex]);
  });

  it('an alarm is of a region', () => {
    expect(parse(bodies.alarm)).toEqual([place]);
  });

  it('an older ARN gets its cluster from the detail, or tells only the region', () => {
    const older = {
      ...bodies.service,
      resources: [`arn:aws:ecs:${REGION}:${ACCOUNT}:service/vaultex`],
    };
    expect(parse(older)).toEqual([vaultex]);
    expect(parse({ ...older, detail: {} })).toEqual([place]);
  });

  it('a task of no service, and what is not used, tell nothing', () => {
    const task = bodies.task.detail as Input;
    expect(
      parse({ ...bodies.task, detail: { ...task, group: 'family:job' } }),
    ).toEqual([]);
    expect(
      parse({ ...bodies.service, 'detail-type': 'ECS Something New' }),
    ).toEqual([]);
    expect(parse({ ...bodies.service, source: 'my.app' })).toEqual([]);
  });

  it.each([
    ['an account', { account: '../1' }],
    ['a region', { region: 'eu-west-1/x' }],
    ['a service', { resources: [] }],
    ['the same account', { account: '333333333333' }],
    ['a detail', { detail: 'text' }],
    [
      'a name',
      { resources: [`arn:aws:ecs:${REGION}:${ACCOUNT}:service/a b/c`] },
    ],
  ])('refuses a body without %s', (_, more) => {
    expect(() => parse({ ...bodies.deployment, ...more })).toThrow(
      expect.objectContaining({ name: 'InputError' }),
    );
  });

  it('never tells a place that could not be, whatever it is given', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom(`service:a`, 'service:../b', `arn:aws:ecs:${REGION}:1:x`),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(bodies)),
        fc.array(text, { maxLength: 2 }),
        fc.record(
          { group: text, clusterArn: text, serviceArn: text },
          { requiredKeys: [] },
        ),
        (name, resources, detail) => {
          const body = bodies[name];
          const hints = hintsOrRefused({
            ...body,
            resources,
            detail: { ...(body.detail as Input), ...detail },
          });
          for (const hint of hints) {
            expect(hint).toMatchObject(place);
            for (const part of [hint.cluster, hint.service]) {
              expect(part ?? 'a').toMatch(/^[\w-]{1,255}$/);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes thousands of events', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => ({
      ...bodies.service,
      resources: [
        `arn:aws:ecs:${REGION}:${ACCOUNT}:service/production/s${i % 100}`,
      ],
    }));
    const hints = many.flatMap(parse);
    expect(new Set(hints.map(({ service }) => service)).size).toBe(100);
  });
});
