import type { Random } from '../../engine';
import { DAY, HOUR, MINUTE, type Timeline } from '../plan';
import { addPull, addPush } from '../planPull';
import { addFailure, addHotfix, addIncident } from '../troubles';
import { hostile } from './hostile';
import { byBot, planOf, type Add } from './types';

const LABEL = 'service:vaultex-api';

function dependencies(timeline: Timeline, days: number[], random: Random) {
  for (let week = 0; week * 5 + 3 < days.length; week += 1) {
    const title = `Bump fastify from 5.${week}.0 to 5.${week + 1}.0`;
    const { plan, change } = byBot('ravi', 'fastify');
    addPull(
      timeline,
      plan,
      {
        ...change,
        title,
        files: { 'services/api/.fastify-version': `5.${week + 1}.0\n` },
        at: days[week * 5 + 3] + 12 * HOUR,
        branch: `dependabot/npm_and_yarn/fastify-5.${week + 1}.0`,
      },
      random,
      week % 3 === 2 ? 'closed' : 'merged',
    );
  }
}

/** Some rollouts themselves go wrong, of others only the smoke test finds out; each is reverted within the hour. */
function failures(timeline: Timeline, days: number[]) {
  for (const [index, step] of [
    [9, 'Deploy to ECS'],
    [17, 'Smoke test'],
    [39, 'Smoke test'],
    [48, 'Deploy to ECS'],
  ] as const) {
    const at = days[index] + 11 * HOUR;
    const path = 'services/api/src/midnight.ts';
    const broken = addPush(timeline, 'main', {
      title: 'Settle at midnight',
      files: { [path]: `export const at = ${index};\n` },
      author: 'dana',
      at,
    });
    const workflow = 'api-pipeline.yml';
    addFailure(timeline, broken, { workflow, job: 'deploy-production', step });
    const revert = addPush(timeline, 'main', {
      title: 'Revert "Settle at midnight"',
      body: () => `This reverts commit ${broken.sha}.`,
      files: { [path]: null },
      author: 'ravi',
      at: at + 50 * MINUTE,
      names: broken,
    });
    timeline.certain.add(broken).add(revert);
  }
}

/** One incident that names its cause and is repaired; one that comes from elsewhere, on a Sunday. */
function incidents(timeline: Timeline, days: number[], random: Random) {
  const api = planOf('vaultex-api');
  const at = days[30] + 10 * HOUR;
  const path = 'services/api/src/charges.ts';
  const { merge } = addPull(
    timeline,
    api,
    {
      title: 'Charge merchants once a day',
      files: { [path]: 'export const charges = 1;\n' },
      author: 'dana',
      at,
    },
    random,
  );
  if (!merge) throw new Error('it is merged');
  timeline.certain.add(merge);
  const incident = addIncident(timeline, {
    title: 'Merchants are charged twice',
    author: 'ravi',
    label: LABEL,
    at: at + 2.5 * HOUR,
    hours: 1.5,
    names: { kind: 'pull', commit: merge },
  });
  addHotfix(
    timeline,
    api,
    {
      title: 'Charge nobody twice',
      files: { [path]: 'export const charges = 0;\n' },
      author: 'dana',
      at: at + 4 * HOUR,
    },
    random,
    incident,
  );
  const monday = days.find(
    (day, index) => index > 40 && new Date(day).getUTCDay() === 1,
  ) as number;
  addIncident(timeline, {
    title: 'The card issuer does not answer',
    author: 'ravi',
    label: LABEL,
    at: monday - DAY + 20 * HOUR,
    hours: 5,
  });
}

export const vaultex: Add = (timeline, files, days, random) => {
  hostile(timeline, files, days, random);
  dependencies(timeline, days, random);
  failures(timeline, days);
  incidents(timeline, days, random);
  const path = '.github/workflows/api-pipeline.yml';
  const stale = days[20] + 9 * HOUR;
  timeline.acts.push({ at: stale, kind: 'odd', path, conclusion: 'stale' });
  const odd = days[days.length - 6] + 9.5 * HOUR;
  const conclusion = 'action_required' as const;
  timeline.acts.push({ at: odd, kind: 'odd', path, conclusion });
  addPull(
    timeline,
    planOf('vaultex-api'),
    {
      title: 'Pay out every day',
      files: { 'services/api/src/payouts.ts': 'export const payouts = 1;\n' },
      author: 'dana',
      at: days[days.length - 1] + 14 * HOUR,
    },
    random,
    'open',
  );
};
