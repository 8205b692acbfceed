import fc from 'fast-check';
import { hashUnit } from './random';
import { memoryWorld } from './testUtils/memoryWorld';
import { healthProfile } from './profile';

interface Plan {
  needs: number[];
  condition: string;
  legs: number;
}

const plan = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(), { maxLength: 3 }),
      condition: fc.constantFrom('', 'always()', 'failure()', 'false'),
      legs: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map(items =>
    items.map(
      (item, index): Plan => ({
        ...item,
        // Only earlier jobs: no circles.
        needs: index === 0 ? [] : [...new Set(item.needs.map(n => n % index))],
      }),
    ),
  );

const yaml = (jobs: Plan[]) =>
  `on: push\njobs:\n${jobs
    .map(({ needs, condition, legs }, index) =>
      [
        `  j${index}:`,
        '    runs-on: x',
        `    needs: [${needs.map(n => `j${n}`).join(', ')}]`,
        ...(condition ? [`    if: ${condition}`] : []),
        ...(legs > 0
          ? [`    strategy: { matrix: { leg: [${[1, 2, 3].slice(0, legs)}] } }`]
          : []),
        '    steps: [{ run: npm test }]',
      ].join('\n'),
    )
    .join('\n')}\n`;

describe('any workflow', () => {
  it('ends with every job ended and every need respected, cancelled or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        plan,
        fc.string({ minLength: 1, maxLength: 4 }),
        fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
        async (jobs, seed, cancelAfter) => {
          const world = await memoryWorld({
            profile: {
              ...healthProfile({}),
              failureChance: job => (hashUnit(seed, job.name) < 0.3 ? 1 : 0),
            },
          });
          const repo = world.addRepo('any');
          const sha = world.commit(repo, {
            '.github/workflows/any.yml': yaml(jobs),
          });
          const [run] = await world.push(repo, sha);
          if (cancelAfter !== undefined) {
            world.clock.advance(cancelAfter);
            if (run.attempts[0].status !== 'completed') {
              world.engine.cancel(run, 'dana');
            }
          }
          world.clock.runAll();
          expect(run.attempts[0].status).toBe('completed');
          const records = world.state.jobsOfRun.get(run.id) ?? [];
          expect(new Set(records.map(({ key }) => key)).size).toBe(jobs.length);
          for (const record of records) {
            expect(record.status).toBe('completed');
            expect(record.conclusion).not.toBeNull();
            const { needs } = jobs[Number(record.key.slice(1))];
            for (const need of needs) {
              for (const before of records.filter(
                ({ key }) => key === `j${need}`,
              )) {
                expect(record.createdAt).toBeGreaterThanOrEqual(
                  before.completedAt ?? Infinity,
                );
              }
            }
          }
          expect(world.clock.nextAt()).toBe(Infinity);
        },
      ),
      { numRuns: 150 },
    );
  });
});
