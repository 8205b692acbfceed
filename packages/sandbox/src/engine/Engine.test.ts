import type { RunRecord, SandboxEvent } from '../state';
import { job, memoryWorld, workflow } from './testUtils/memoryWorld';

const CI = '.github/workflows/ci.yml';

function story(events: SandboxEvent[]): string[] {
  return events.map(item => {
    switch (item.event) {
      case 'workflow_job':
        return `job ${item.job.name} ${item.action}`;
      case 'workflow_run':
        return `run ${item.action}`;
      case 'deployment_status':
        return `deployment ${item.status.state}`;
      case 'deployment_review':
        return `review ${item.action}`;
      default:
        return item.event;
    }
  });
}

const last = (run: RunRecord) => run.attempts[run.attempts.length - 1];
describe('Engine', () => {
  it('plays a push through to the end, jobs in the order of their needs', async () => {
    const world = await memoryWorld();
    const repo = world.addRepo('shop');
    const sha = world.commit(repo, {
      [CI]: workflow([job('test'), job('ship', ['needs: test'])].join('\n')),
    });
    const [run] = await world.push(repo, sha);
    expect(last(run)).toMatchObject({ status: 'queued', conclusion: null });
    expect(run.displayTitle).toBe('Change something');

    world.clock.runAll();

    expect(story(world.events)).toEqual([
      'run requested',
      'job test queued',
      'run in_progress',
      'job test in_progress',
      'job test completed',
      'job ship queued',
      'job ship in_progress',
      'job ship completed',
      'run completed',
    ]);
    expect(last(run)).toMatchObject({
      status: 'completed',
      conclusion: 'success',
    });
    const [test, ship] = world.state.jobsOfRun.get(run.id) ?? [];
    expect(ship.createdAt).toBeGreaterThanOrEqual(test.completedAt ?? Infinity);
    expect(test.steps.map(({ name }) => name)).toEqual([
      'Set up job',
      'Run npm test',
      'Complete job',
    ]);
  });
});
