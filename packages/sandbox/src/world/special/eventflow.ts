import type { Random } from '../../engine';
import { DAY, HOUR, MINUTE, type PlannedCommit, type Timeline } from '../plan';
import { addPull, addPush } from '../planPull';
import { addHotfix, addIncident, addRevert } from '../troubles';
import { planOf, type Add } from './types';

/** After these the smoke tests fail, and production goes back to what ran before. */
const BROKEN = [4, 13];
/** After these something is wrong that no test has found. */
const BACKEND_SLOW = 6;
const FRONTEND_BLANK = 10;
const TAKEN_BACK = 16;
/** Small repairs that go to production past `develop`. */
const REPAIRED = [2, 8, 15, 19];

const where = { base: 'main', reviewer: planOf('eventflow-backend').reviewer };

/** Everything `develop` has gathered goes to `main` and so to production. */
function promote(
  timeline: Timeline,
  at: number,
  why?: string,
): PlannedCommit | undefined {
  const gathered = timeline.commits
    .filter(commit => commit.branch === 'develop' && commit.at < at)
    .sort((a, b) => a.at - b.at);
  if (gathered.length === 0) return undefined;
  const day = new Date(at).toISOString().slice(0, 10);
  const commit = addPush(timeline, 'main', {
    title: `Promote develop to production (${why ?? day})`,
    files: Object.assign({}, ...gathered.map(item => item.files)),
    author: 'ravi',
    at,
    merge: 'develop',
  });
  timeline.certain.add(commit);
  return commit;
}

function repair(
  timeline: Timeline,
  index: number,
  at: number,
  random: Random,
): void {
  const front = index % 2 === 1;
  const path = front ? 'frontend/src/guard.ts' : 'backend/src/guard.ts';
  addHotfix(
    timeline,
    where,
    {
      title: front ? 'Show the chart again' : 'Do not lose late events',
      files: { [path]: `export const guard = ${index};\n` },
      author: front ? 'dana' : 'ravi',
      at,
    },
    random,
  );
}

/** Incidents of both halves, and what is done about them. */
function trouble(
  timeline: Timeline,
  promotion: { index: number; at: number; commit: PlannedCommit },
  random: Random,
): void {
  const { index, at, commit } = promotion;
  if (index === BACKEND_SLOW) {
    const incident = addIncident(timeline, {
      title: 'Counts arrive an hour late',
      author: 'dana',
      label: 'service:eventflow-backend',
      at: at + 2.2 * HOUR,
      hours: 2.3,
    });
    const files = { 'backend/src/window.ts': 'export const hours = 1;\n' };
    const change = { title: 'Count in one window', files, author: 'ravi' };
    const merged = at + 4.5 * HOUR;
    addHotfix(timeline, where, { ...change, at: merged }, random, incident);
  }
  if (index === FRONTEND_BLANK) {
    const incident = addIncident(timeline, {
      title: 'Dashboards stay blank',
      author: 'ravi',
      label: 'service:eventflow-frontend',
      at: at + 2 * HOUR,
      hours: 4,
      names: { kind: 'sha', commit },
    });
    const files = { 'frontend/src/blank.ts': 'export const blank = 0;\n' };
    const change = { title: 'Draw without a range', files, author: 'dana' };
    const merged = at + 6 * HOUR;
    addHotfix(timeline, where, { ...change, at: merged }, random, incident);
  }
  if (REPAIRED.includes(index)) {
    repair(timeline, index, at + 5 * HOUR, random);
  }
}

/** A change that was merged an hour before a promotion, and is taken back in the afternoon. */
function takenBack(timeline: Timeline, at: number, random: Random): void {
  const plan = planOf('eventflow-backend');
  const path = 'backend/src/archive.ts';
  const pull = addPull(
    timeline,
    plan,
    {
      title: 'Archive at night',
      files: { [path]: 'export const archive = true;\n' },
      author: 'ravi',
      at: at - HOUR,
    },
    random,
  );
  addRevert(
    timeline,
    { base: plan.base, reviewer: plan.reviewer },
    pull,
    {
      repo: 'eventflow/eventflow',
      files: { [path]: null },
      author: 'dana',
      at: at + 5 * HOUR,
    },
    random,
  );
}

export const eventflow: Add = (timeline, files, days, random) => {
  for (let day = days[0]; day <= days[days.length - 1]; day += DAY) {
    const path = '.github/workflows/security-scan.yml';
    timeline.acts.push({ at: day + 4 * HOUR, kind: 'schedule', path });
  }
  let index = 0;
  for (let day = 2; day < days.length - 1; day += random() < 0.5 ? 2 : 3) {
    const at = days[day] + 10 * HOUR;
    if (index === TAKEN_BACK) takenBack(timeline, at, random);
    const commit = promote(timeline, at);
    if (!commit) continue;
    if (index === TAKEN_BACK) {
      promote(timeline, at + 6 * HOUR, 'without the archive');
    }
    if (BROKEN.includes(index)) {
      timeline.acts.push({
        at: at - 1000,
        kind: 'fail-step',
        workflow: 'cd-production.yml',
        environment: 'production',
        step: 'Smoke tests',
      });
    }
    trouble(timeline, { index, at, commit }, random);
    index += 1;
  }
  const path = '.github/workflows/cd-staging.yml';
  const brokenAt = days[Math.floor(days.length * 0.7)] + 11 * HOUR;
  const broken = addPush(timeline, 'develop', {
    title: 'Test before staging',
    files: { [path]: files[path].replace('needs: build', 'needs: tests') },
    author: 'dana',
    at: brokenAt,
  });
  addPush(timeline, 'develop', {
    title: 'Revert "Test before staging"',
    body: () => `This reverts commit ${broken.sha}.`,
    files: { [path]: files[path] },
    author: 'dana',
    at: brokenAt + 35 * MINUTE,
    names: broken,
  });
};
