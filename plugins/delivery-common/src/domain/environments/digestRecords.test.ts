import { digestRecords, mergeDeployments } from './mergeDeployments';
import {
  digestOf,
  facts,
  NOW,
  pipelineDeployment as pipeline,
  runtimeDeployment as ecs,
  runtimeOf,
  sha,
  taskDefinition,
  taskDefinitionOf,
} from './testUtils/environmentFacts';

const MINUTE = 60_000;
const T = 10_000_000;
const HOUR = 60 * MINUTE;
/** Revision 1 by run 1, at T. */
const first = pipeline(1, { letter: 'a', at: T });
const firstEcs = ecs(1, { to: 1, at: T + MINUTE });

describe('commits that only the pipeline knows', () => {
  const second = pipeline(2, { letter: 'b', at: T + HOUR });
  const latest = [sha('a'), 'latest'];
  const deployments = [
    firstEcs,
    ecs(2, { from: 1, to: 2, at: T + HOUR + MINUTE }),
  ];

  it('are learnt with the digest that its deployment brought', () => {
    const input = facts([first, second], runtimeOf(deployments, latest));
    expect([...digestRecords(input, NOW)]).toEqual([
      [digestOf(1), sha('a')],
      [digestOf(2), sha('b')],
    ]);
    expect(mergeDeployments(input, NOW)[0].commit).toMatchObject({
      ...{ sha: sha('b'), source: 'deployment', confidence: 'high' },
    });
  });

  it('are not learnt from what ran before', () => {
    const again = [
      ...deployments,
      ecs(3, { from: 2, to: 2, at: T + 2 * HOUR }),
    ];
    const third = pipeline(3, { letter: 'c', at: T + 2 * HOUR - MINUTE });
    const input = facts([first, second, third], runtimeOf(again, latest));
    expect(digestRecords(input, NOW).get(digestOf(2))).toBe(sha('b'));
  });

  it('are found by who registered the task definition', () => {
    const state = runtimeOf(deployments, [sha('a'), sha('c')]);
    state.taskDefinitions.set(
      taskDefinitionOf(2),
      taskDefinition(2, sha('c'), {
        registeredBy: 'arn:aws:sts::1:assumed-role/deploy/gha-92-1',
      }),
    );
    const merged = mergeDeployments(facts([first, second], state), NOW);
    expect(merged.map(item => [item.id, item.commit.sha?.[0]])).toEqual([
      ['gh.2', 'c'],
      ['gh.1', 'a'],
    ]);
  });
});
