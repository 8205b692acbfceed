import * as fc from 'fast-check';
import { DEFAULT_DORA_SETTINGS } from '../../contract';
import type { DoraSettings } from '../../contract';
import { linkFacts } from './linkFacts';
import { anyLinkable, later, shuffled } from './__testUtils__/anyLinkable';
import { MINUTE } from './testUtils/sources';

const anySettings = fc
  .record({
    perEnvironment: fc.boolean(),
    leadTimeStart: fc.constantFrom(
      ...(['first_commit', 'commit', 'pr_opened', 'pr_merged'] as const),
    ),
  })
  .map((part): DoraSettings => ({ ...DEFAULT_DORA_SETTINGS, ...part }));
const RUNS = { numRuns: 500 };

describe('linkFacts, whatever the facts', () => {
  it('the order plays no part', () => {
    const both = anyLinkable.chain(facts =>
      fc.tuple(fc.constant(facts), shuffled(facts)),
    );
    fc.assert(
      fc.property(both, anySettings, ([facts, other], settings) => {
        expect(linkFacts(other, settings)).toEqual(linkFacts(facts, settings));
      }),
      RUNS,
    );
  });

  it('deployments, commits, spans and changes that are told twice change nothing', () => {
    fc.assert(
      fc.property(anyLinkable, anySettings, (facts, settings) => {
        const twice = {
          ...facts,
          services: [...facts.services, ...facts.services],
          deployments: [...facts.deployments, ...facts.deployments],
          commits: [...facts.commits, ...facts.commits],
          spans: [...facts.spans, ...facts.spans],
          changes: [...facts.changes, ...facts.changes],
        };
        expect(linkFacts(twice, settings)).toEqual(linkFacts(facts, settings));
      }),
      RUNS,
    );
  });

  it('shifting all times shifts everything', () => {
    fc.assert(
      fc.property(
        anyLinkable,
        anySettings,
        fc.integer({ min: -1e6, max: 1e6 }),
        (facts, settings, minutes) => {
          const by = minutes * MINUTE;
          expect(linkFacts(later(facts, by), settings)).toEqual(
            later(linkFacts(facts, settings), by),
          );
        },
      ),
      RUNS,
    );
  });

  it('a change is in one deployment of a service at most, and both say so', () => {
    fc.assert(
      fc.property(anyLinkable, anySettings, (facts, settings) => {
        const { changes, deployments } = linkFacts(facts, settings);
        const names = changes.map(({ service, id }) => `${service} ${id}`);
        expect(new Set(names).size).toBe(names.length);
        const brought = deployments.flatMap(deployment =>
          deployment.changes.map(
            id => `${deployment.service} ${id} ${deployment.id}`,
          ),
        );
        const said = changes.flatMap(({ service, id, deploymentId }) =>
          deploymentId === undefined ? [] : `${service} ${id} ${deploymentId}`,
        );
        expect(brought.sort()).toEqual(said.sort());
        for (const deployment of deployments) {
          if (deployment.changes.length === 0) continue;
          expect(deployment.outcome).toBe('succeeded');
          expect(deployment.kind).not.toBe('rollback');
        }
      }),
      RUNS,
    );
  });

  it('stages are not negative and add up to the lead time exactly', () => {
    let staged = 0;
    fc.assert(
      fc.property(anyLinkable, anySettings, (facts, settings) => {
        for (const { stages, leadMs } of linkFacts(facts, settings).changes) {
          expect(stages !== undefined).toBe((leadMs ?? -1) >= 0);
          if (!stages) continue;
          staged += 1;
          const parts = Object.values(stages);
          expect(parts.every(part => part >= 0)).toBe(true);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(leadMs);
        }
      }),
      RUNS,
    );
    expect(staged).toBeGreaterThan(0);
  });

  it('nothing that was told of a deployment or change vanishes', () => {
    fc.assert(
      fc.property(anyLinkable, anySettings, (facts, settings) => {
        const { deployments, changes, excluded } = linkFacts(facts, settings);
        const seen = new Set([
          ...deployments.flatMap(({ id, sources }) => [
            id,
            ...sources.map(source => source.id),
          ]),
          ...changes.map(({ id }) => id),
          ...excluded.map(({ id }) => id),
        ]);
        const told = [...facts.deployments, ...facts.changes];
        expect(told.map(({ id }) => id).filter(id => !seen.has(id))).toEqual(
          [],
        );
      }),
      RUNS,
    );
  });

  it('another service plays no part', () => {
    fc.assert(
      fc.property(anyLinkable, anySettings, (facts, settings) => {
        const [api] = facts.services;
        const of = (linked: ReturnType<typeof linkFacts>) => ({
          deployments: linked.deployments.filter(
            it => it.service === api.service,
          ),
          changes: linked.changes
            .filter(it => it.service === api.service)
            .map(({ id, deploymentId, leadMs }) => ({
              id,
              deploymentId,
              leadMs,
            })),
        });
        const alone = {
          ...facts,
          services: [api],
          deployments: facts.deployments.filter(
            it => it.service === api.service,
          ),
          incidents: facts.incidents.filter(it => it.service === api.service),
        };
        expect(of(linkFacts(alone, settings))).toEqual(
          of(linkFacts(facts, settings)),
        );
      }),
      RUNS,
    );
  });
});
