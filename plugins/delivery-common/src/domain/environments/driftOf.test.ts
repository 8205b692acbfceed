import type { EnvironmentFacts } from './facts';
import { viewOf } from './viewOf';
import {
  facts,
  moving,
  NOW,
  pipelineDeployment as pipeline,
  runtimeDeployment as ecs,
  runtimeOf,
  sha,
  task,
  taskDefinition,
  taskDefinitionOf,
} from './testUtils/environmentFacts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T = 10_000_000;
const tags = [sha('a'), sha('b'), sha('c')];
const first = pipeline(1, { letter: 'a', at: T });
const firstEcs = ecs(1, { to: 1, at: T + MINUTE });
const second = pipeline(2, { letter: 'b', at: T + HOUR });
const secondEcs = (part = {}) =>
  ecs(2, { from: 1, to: 2, at: T + HOUR + MINUTE }, part);
const view = (given: EnvironmentFacts, now = NOW) =>
  viewOf(given, now).environment;

describe('drift', () => {
  const drift = (given: EnvironmentFacts) => view(given).drift;
  const byHand = (tag: string | undefined, registeredBy?: string) => {
    const state = runtimeOf([firstEcs, secondEcs()], [sha('a'), tag]);
    state.taskDefinitions.set(
      taskDefinitionOf(2),
      taskDefinition(2, tag, { registeredBy }),
    );
    return state;
  };

  it('tells a deployment by hand with who registered what runs', () => {
    const by = 'arn:aws:sts::1:assumed-role/admin/jane.doe';
    expect(drift(facts([first], byHand(sha('b'), by)))).toEqual([
      {
        ...{ kind: 'out_of_band', code: 'running_other' },
        message: 'Running bbbbbbb, pipeline says aaaaaaa.',
        ...{ since: T + HOUR + 3 * MINUTE, by: 'jane.doe (admin)' },
        ...{ running: sha('b'), expected: sha('a') },
      },
    ]);
  });

  it.each<[string, string | undefined, string[]]>([
    [
      'an unknown commit',
      'latest',
      ['Running an unknown commit, pipeline says aaaaaaa.'],
    ],
    [
      'the same commit in another task definition',
      sha('a'),
      ['Running api:2, pipeline says api:1.'],
    ],
  ])('tells %s', (_, tag, messages) => {
    expect(drift(facts([first], byHand(tag))).map(it => it.message)).toEqual(
      messages,
    );
  });

  it('is not told of the same task definition deployed again', () => {
    const again = ecs(2, { from: 1, to: 1, at: T + HOUR });
    expect(drift(facts([first], runtimeOf([firstEcs, again], tags)))).toEqual(
      [],
    );
  });

  it.each<[string, EnvironmentFacts]>([
    ['without any pipeline', facts([], byHand(sha('b')))],
    [
      'while it moves',
      facts([first], runtimeOf([firstEcs, secondEcs(moving)], tags)),
    ],
    [
      'before the runtime was read again',
      facts([first, second], {
        ...runtimeOf([firstEcs], tags),
        observedAt: T + HOUR,
      }),
    ],
    [
      'when the pipeline failed and its revision stays',
      facts(
        [first, pipeline(2, { letter: 'b', at: T + HOUR, ending: 'failure' })],
        runtimeOf([firstEcs, secondEcs()], tags),
      ),
    ],
  ])('is not told %s', (_, given) => {
    expect(drift(given)).toEqual([]);
  });

  it('tells what the pipeline says it deployed and ECS never saw', () => {
    expect(
      drift(facts([first, second], runtimeOf([firstEcs], tags)))[0].message,
    ).toBe('Running aaaaaaa, pipeline says bbbbbbb.');
  });

  it('tells tasks of another revision, once nothing has moved for five minutes', () => {
    const state = runtimeOf([firstEcs], tags);
    const tasks = [
      task('1'),
      task('2', { taskDefinition: taskDefinitionOf(2) }),
    ];
    const ended = firstEcs.finishedAt!;
    const at = (when: number) =>
      drift(facts([first], { ...state, tasks: { at: when, tasks } }));
    expect(at(ended + 4 * MINUTE)).toEqual([]);
    expect(at(ended + 5 * MINUTE)).toMatchObject([
      {
        kind: 'mixed_tasks',
        message:
          '1 of 2 tasks runs api:2 instead of api:1, and nothing is being rolled out.',
      },
    ]);
  });

  it('tells stacks that differ', () => {
    const stacks = [
      { stack: 'api', status: 'drifted', driftedResources: 2, checkedAt: 7 },
      { stack: 'other', status: 'in_sync' },
    ];
    expect(
      drift(facts([first], { ...runtimeOf([firstEcs], tags), stacks })),
    ).toMatchObject([
      {
        kind: 'infrastructure',
        since: 7,
        message: expect.stringMatching(/api .* 2 resources/),
      },
    ]);
  });
});
