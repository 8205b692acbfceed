import { HOUR, MINUTE, type Timeline } from '../plan';
import { addPull, addPush } from '../planPull';
import { addFailure } from '../troubles';
import { byBot, type Add } from './types';

/** Tests that fail twice before they succeed, in three attempts of one run. */
function flaky(timeline: Timeline, at: number): void {
  const commit = addPush(timeline, 'main', {
    title: 'Wait for the port before the health check',
    files: { 'tests/wait.py': 'SECONDS = 3\n' },
    author: 'pat',
    at,
  });
  timeline.certain.add(commit);
  const what = { workflow: 'ci.yml', job: 'tests' };
  addFailure(timeline, commit, what);
  const again = at + 20 * MINUTE;
  addFailure(timeline, { ...commit, at: again }, what);
  const path = '.github/workflows/ci.yml';
  for (const time of [again, again + 25 * MINUTE]) {
    const actor = 'pat';
    timeline.acts.push({ at: time, kind: 'again', commit, path, actor });
  }
}

export const platform: Add = (timeline, _files, days, random) => {
  flaky(timeline, days[25] + 17.2 * HOUR);
  for (let index = 11; index < days.length; index += 17) {
    timeline.acts.push({
      at: days[index] + 16 * HOUR,
      kind: 'dispatch',
      path: '.github/workflows/deploy.yml',
      inputs: { reason: 'new base image' },
      actor: 'pat',
    });
  }
  for (let index = 6, minor = 4; index < days.length; index += 12, minor += 1) {
    const { plan, change } = byBot('pat', 'ruff');
    addPull(
      timeline,
      plan,
      {
        ...change,
        title: `Bump ruff from 0.${minor}.0 to 0.${minor + 1}.0`,
        files: { 'requirements-lint.txt': `ruff==0.${minor + 1}.0\n` },
        at: days[index] + 13 * HOUR,
        branch: `dependabot/pip/ruff-0.${minor + 1}.0`,
      },
      random,
    );
  }
};
