import { mergeDeployments } from './mergeDeployments';
import {
  deploymentKey,
  facts,
  NOW,
  pipelineDeployment as pipeline,
  runtimeDeployment as ecs,
  runtimeOf,
  sha,
} from './testUtils/environmentFacts';

const MINUTE = 60_000;
const T = 10_000_000;
const HOUR = 60 * MINUTE;
/** Revision 1 by run 1, at T. */
const first = pipeline(1, { letter: 'a', at: T });
const firstEcs = ecs(1, { to: 1, at: T + MINUTE });
const tags = [sha('a'), sha('b'), sha('c')];

const short = (input: ReturnType<typeof facts>, now = NOW) =>
  mergeDeployments(input, now).map(item => [
    item.id,
    item.kind,
    item.status,
    item.commit.sha?.[0],
    item.ranHealthy,
  ]);

describe('without a runtime', () => {
  it('believes the pipeline', () => {
    const failed = pipeline(2, {
      ...{ letter: 'b', at: T + HOUR, ending: 'failure', rollBack: 'success' },
    });
    expect(short(facts([first, failed]))).toEqual([
      ['gh.2', 'regular', 'rolled_back', 'b', false],
      ['gh.1', 'regular', 'succeeded', 'a', true],
    ]);
  });

  it('does not let what nobody ended go on for ever', () => {
    const open = pipeline(1, { letter: 'a', at: T, ending: 'in_progress' });
    expect(short(facts([open]), T + HOUR)[0][2]).toBe('in_progress');
    expect(short(facts([open]), T + 200 * HOUR)[0][2]).toBe('unknown');
  });

  it('keeps a success that a later deployment made inactive', () => {
    const inactive = {
      ...first,
      statuses: [
        ...first.statuses,
        { statusKey: 'gh.x', state: 'inactive', createdAt: T + HOUR },
      ],
    };
    expect(short(facts([inactive]))[0][2]).toBe('succeeded');
  });
});

it('says nothing of who made what is older than what is known', () => {
  const input = facts([], runtimeOf([firstEcs], tags), {
    completeSince: T + HOUR,
  });
  expect(short(input)[0].slice(0, 3)).toEqual([
    ...[deploymentKey(1), 'unknown', 'succeeded'],
  ]);
});
