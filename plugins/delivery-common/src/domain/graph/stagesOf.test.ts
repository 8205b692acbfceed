import type { State } from '../../model';
import { jobFact } from '../testUtils/facts';
import { toState } from '../vendorWords';
import { buildGraph } from './buildGraph';
import { flatGraph, type GraphJob } from './flatGraph';
import { jointState } from './jointState';
import { readWorkflow } from './readWorkflow';
import { stagesOf } from './stagesOf';

function job(name: string, state: State, part: Partial<GraphJob> = {}) {
  return {
    ...jobFact({ status: 'queued' }, { jobKey: name, name }),
    state,
    ...part,
  };
}

function graphOf(text: string, jobs: GraphJob[]) {
  const { workflow, problem } = readWorkflow(text);
  if (!workflow) throw new Error(problem.message);
  return buildGraph({ workflow, reusable: () => undefined, jobs });
}

const success = toState('completed', 'success');
const failure = toState('completed', 'failure');
const moving = toState('in_progress');

describe('jointState', () => {
  const order = [
    failure,
    toState('completed', 'startup_failure'),
    toState('completed', 'timed_out'),
    toState('completed', 'action_required'),
    toState('completed', 'cancelled'),
    toState('completed', 'stale'),
    toState('completed', 'splendid'),
    toState('hibernating'),
    toState('waiting'),
    moving,
    toState('queued'),
    toState('completed', 'neutral'),
    success,
    toState('completed', 'skipped'),
  ];

  it('is the worst, in whatever order they come', () => {
    for (let i = 0; i < order.length; i++) {
      const rest = order.slice(i);
      expect(jointState(rest)).toBe(order[i]);
      expect(jointState([...rest].reverse())).toBe(order[i]);
    }
    expect(jointState([])).toBeUndefined();
  });
});

describe('stagesOf', () => {
  const text =
    'jobs: { test: {}, lint: {}, deploy: { needs: [test, lint], environment: production }, after: { needs: deploy } }';

  it('gives one stage a column', () => {
    const jobs = [
      job('test', success),
      job('lint', failure),
      job('deploy', toState('completed', 'skipped')),
    ];
    expect(stagesOf(graphOf(text, jobs), jobs)).toEqual([
      {
        name: 'test +1',
        status: 'completed',
        conclusion: 'failure',
        rawStatus: 'completed',
        rawConclusion: 'failure',
      },
      {
        name: 'deploy',
        status: 'completed',
        conclusion: 'skipped',
        rawStatus: 'completed',
        rawConclusion: 'skipped',
        environment: 'production',
      },
      { name: 'after', status: 'queued', rawStatus: '' },
    ]);
  });

  it('does not call a column a success while a part of it has not started', () => {
    const jobs = [job('test', success)];
    expect(stagesOf(graphOf(text, jobs), jobs)[0]).toMatchObject({
      status: 'queued',
      rawStatus: '',
    });
  });

  it('says of a run that is over that the rest never started', () => {
    const jobs = [job('test', success), job('lint', failure)];
    const stages = stagesOf(graphOf(text, jobs), jobs, { runCompleted: true });
    expect(stages.map(stage => stage.conclusion)).toEqual([
      'failure',
      'skipped',
      'skipped',
    ]);
  });

  it('uses the states of the jobs it is given, which may be newer than the graph', () => {
    const graph = graphOf(text, [job('test', moving), job('lint', success)]);
    const stages = stagesOf(graph, [
      job('test', failure),
      job('lint', success),
    ]);
    expect(stages[0].conclusion).toBe('failure');
  });

  it('shows jobs that are not placed as a last stage, so that no failure hides', () => {
    const jobs = [job('test', success), job('x', failure), job('y', success)];
    expect(stagesOf(graphOf(text, jobs), jobs).at(-1)).toMatchObject({
      name: 'x +1',
      conclusion: 'failure',
    });
  });

  it('gives the jobs in the order they started when there is no graph', () => {
    const jobs = [
      job('late', moving, { startedAt: 2, environment: 'staging' }),
      job('early', success, { startedAt: 1 }),
    ];
    const expected = [
      { name: 'early', conclusion: 'success' },
      { name: 'late', status: 'in_progress', environment: 'staging' },
    ];
    expect(stagesOf(undefined, jobs)).toMatchObject(expected);
    const flat = flatGraph(jobs, { code: 'x', message: 'X.' });
    expect(stagesOf(flat, jobs)).toMatchObject(expected);
    expect(stagesOf(undefined, [])).toEqual([]);
  });

  it('joins what is too much for a row', () => {
    const jobs = Array.from({ length: 30 }, (_, i) =>
      job(`j${i}`, i === 29 ? failure : success, { startedAt: i + 1 }),
    );
    const stages = stagesOf(undefined, jobs);
    expect(stages).toHaveLength(21);
    expect(stages[20]).toMatchObject({ name: 'j20 +9', conclusion: 'failure' });
  });
});
