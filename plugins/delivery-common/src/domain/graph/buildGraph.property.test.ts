import * as fc from 'fast-check';
import { jobFact } from '../testUtils/facts';
import { buildGraph } from './buildGraph';
import type { Workflow } from './Workflow';

const anyKey = fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__');
const anyName = fc.constantFrom(
  'a',
  'b',
  'a (1)',
  'c / a',
  'c (2) / a',
  '${{ x }}',
  'x ${{ y }}',
  'x 1',
  'd / b / a',
  '',
);
const anyWorkflow = fc
  .uniqueArray(
    fc.record({
      key: anyKey,
      needs: fc.uniqueArray(anyKey, { maxLength: 2 }),
      name: fc.option(anyName, { nil: undefined }),
      uses: fc.constantFrom(undefined, undefined, './one.yml', './two.yml'),
      matrix: fc.boolean(),
      environment: fc.constantFrom(undefined, 'staging', '${{ e }}'),
    }),
    { selector: item => item.key, minLength: 1, maxLength: 5 },
  )
  .map(
    (jobs): Workflow => ({
      // Most random needs would be unknown: those make flat graphs, kept now and then.
      jobs: jobs.map((item, i) => ({
        ...item,
        needs: item.needs.filter(
          need => need === 'e' || jobs.slice(0, i).some(j => j.key === need),
        ),
      })),
    }),
  );

/** True when, in the file where the two paths part, the one needs the other. */
function isNeeded(
  main: Workflow,
  other: Workflow,
  from: string,
  to: string,
): boolean {
  const a = from.split('/');
  const b = to.split('/');
  let level = 0;
  while (a[level] === b[level]) level++;
  const file = level === 0 ? main : other;
  return Boolean(
    file.jobs.find(({ key }) => key === b[level])?.needs.includes(a[level]),
  );
}

describe('buildGraph, whatever it is given', () => {
  it('puts every job in exactly one node or apart, and draws edges only along needs', () => {
    let placedGraphs = 0;
    fc.assert(
      fc.property(
        anyWorkflow,
        anyWorkflow,
        fc.array(anyName, { maxLength: 8 }),
        (main, other, names) => {
          const jobs = names.map((name, i) =>
            jobFact({ status: 'queued' }, { name, jobKey: `gh.${i}` }),
          );
          const graph = buildGraph({
            workflow: main,
            reusable: uses => (uses === './one.yml' ? other : undefined),
            jobs,
          });
          const shown = [
            ...graph.nodes.flatMap(node => node.jobs),
            ...graph.unplaced,
          ];
          expect([...shown].sort()).toEqual(jobs.map(j => j.jobKey).sort());
          expect(graph.reason === undefined).toBe(graph.kind === 'placed');
          if (graph.kind === 'placed') placedGraphs++;
          const byId = new Map(graph.nodes.map(node => [node.id, node]));
          expect(byId.size).toBe(graph.nodes.length);
          for (const { from, to } of graph.edges) {
            expect(byId.get(from)?.column).toBeLessThan(
              byId.get(to)?.column ?? -1,
            );
            expect(isNeeded(main, other, from, to)).toBe(true);
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect(placedGraphs).toBeGreaterThan(500);
  });
});
