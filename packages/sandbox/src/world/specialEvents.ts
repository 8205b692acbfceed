import type { Random } from '../engine';
import { addPull, addPush, DAY, type Timeline } from './timeline';

const HOUR = 3_600_000;

/** Texts a page must survive: markup, emoji, a right-to-left override, and a line of several hundred characters. */
const HOSTILE = [
  '<script>alert("payments")</script> & <img src=x onerror=alert(1)> 💸🧨',
  `Accept \u202Egnirts\u202C in names of merchants — שלום عالم`,
  `Explain ${'why the settlement of the last day of a month is so very '.repeat(
    9,
  )}slow`,
];

/** Odd, but allowed by git. */
const ODD_BRANCH = 'fix/ledger#42-<b>"rounding"&co-ünïcode';

type Add = (
  timeline: Timeline,
  files: Record<string, string>,
  days: number[],
  random: Random,
) => void;

const vaultex: Add = (timeline, _files, days, random) => {
  const main = { base: 'main', reviewer: () => 'ravi' };
  HOSTILE.forEach((title, index) => {
    const at = days[12 + index * 15] + 15 * HOUR;
    const files = { 'services/api/NOTES.md': `Note ${index + 1}\n` };
    const branch = index === 1 ? 'feature/rtl/שלום' : undefined;
    const change = { title, files, author: 'dana', at, branch };
    addPull(timeline, main, change, random);
  });
  addPull(
    timeline,
    main,
    {
      title: 'Round <b>down</b> in the ledger & elsewhere',
      files: { 'services/ledger/NOTES.md': 'Rounding\n' },
      author: 'ravi',
      at: days[days.length - 9] + 14 * HOUR,
      branch: ODD_BRANCH,
    },
    random,
    'closed',
  );
  for (let week = 0; week * 5 + 3 < days.length; week += 1) {
    addPull(
      timeline,
      main,
      {
        title: `Bump fastify from 5.${week}.0 to 5.${week + 1}.0`,
        files: { 'services/api/.fastify-version': `5.${week + 1}.0\n` },
        author: 'dependabot[bot]',
        at: days[week * 5 + 3] + 12 * HOUR,
        branch: `dependabot/npm_and_yarn/fastify-5.${week + 1}.0`,
      },
      random,
      week % 3 === 2 ? 'closed' : 'merged',
    );
  }
  // Some rollouts themselves go wrong, of others only the smoke test finds out.
  for (const [index, step] of [
    [9, 'Deploy to ECS'],
    [17, 'Smoke test'],
    [27, 'Deploy to ECS'],
    [39, 'Smoke test'],
    [48, 'Deploy to ECS'],
  ] as const) {
    const at = days[index] + 11 * HOUR;
    addPush(timeline, 'main', {
      title: 'Settle at midnight',
      files: {
        'services/api/src/midnight.ts': `export const at = ${index};\n`,
      },
      author: 'dana',
      at,
    });
    const kind = 'fail' as const;
    const workflow = 'api-pipeline.yml';
    const job = 'deploy-production';
    const hang = false;
    timeline.acts.push({ at: at - 1000, kind, workflow, job, step, hang });
    addPush(timeline, 'main', {
      title: 'Revert "Settle at midnight"\n\nProduction did not become stable.',
      files: { 'services/api/src/midnight.ts': null },
      author: 'ravi',
      at: at + 50 * 60_000,
    });
  }
  const hangAt = days[33] + 13 * HOUR;
  addPush(timeline, 'main', {
    title: 'Wait for the database before the tests',
    files: { 'services/ledger/NOTES.md': 'Wait\n' },
    author: 'ravi',
    at: hangAt,
  });
  timeline.acts.push({
    at: hangAt - 1000,
    kind: 'fail',
    workflow: 'ledger-pipeline.yml',
    job: 'integration-tests',
    hang: true,
  });
  const path = '.github/workflows/api-pipeline.yml';
  const stale = days[20] + 9 * HOUR;
  timeline.acts.push({ at: stale, kind: 'odd', path, conclusion: 'stale' });
  const odd = days[days.length - 6] + 9.5 * HOUR;
  const conclusion = 'action_required' as const;
  timeline.acts.push({ at: odd, kind: 'odd', path, conclusion });
  addPull(
    timeline,
    main,
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

/** After these the smoke tests fail, and production goes back to what ran before. */
const BROKEN_PROMOTIONS = [4, 13, 20];

const eventflow: Add = (timeline, files, days, random) => {
  for (let day = days[0]; day <= days[days.length - 1]; day += DAY) {
    const path = '.github/workflows/security-scan.yml';
    timeline.acts.push({ at: day + 4 * HOUR, kind: 'schedule', path });
  }
  let promotions = 0;
  // Everything `develop` has gathered goes to `main` twice a week.
  for (let index = 2; index < days.length; index += random() < 0.5 ? 2 : 3) {
    const at = days[index] + 10 * HOUR;
    const gathered = timeline.commits
      .filter(commit => commit.branch === 'develop' && commit.at < at)
      .sort((a, b) => a.at - b.at);
    const changed = Object.assign({}, ...gathered.map(item => item.files));
    if (gathered.length === 0) continue;
    addPush(timeline, 'main', {
      title: `Promote develop to production (${new Date(at)
        .toISOString()
        .slice(0, 10)})`,
      files: changed,
      author: 'ravi',
      at,
    });
    if (BROKEN_PROMOTIONS.includes(promotions)) {
      timeline.acts.push({
        at: at - 1000,
        kind: 'fail-step',
        workflow: 'cd-production.yml',
        environment: 'production',
        step: 'Smoke tests',
      });
    }
    promotions += 1;
  }
  const path = '.github/workflows/cd-staging.yml';
  const brokenAt = days[Math.floor(days.length * 0.7)] + 11 * HOUR;
  addPush(timeline, 'develop', {
    title: 'Test before staging',
    files: { [path]: files[path].replace('needs: build', 'needs: tests') },
    author: 'dana',
    at: brokenAt,
  });
  addPush(timeline, 'develop', {
    title: 'Revert "Test before staging"',
    files: { [path]: files[path] },
    author: 'dana',
    at: brokenAt + 35 * 60_000,
  });
};

const orders: Add = (timeline, _files, days) => {
  addPush(timeline, 'main', {
    title: 'Confirm an order only when it is paid',
    files: { 'app/src/paid.js': "exports.paid = o => o.state === 'paid';\n" },
    author: 'dana',
    at: days[days.length - 1] + 17.5 * HOUR,
  });
};

const platform: Add = (timeline, _files, days) => {
  for (let index = 11; index < days.length; index += 17) {
    timeline.acts.push({
      at: days[index] + 16 * HOUR,
      kind: 'dispatch',
      path: '.github/workflows/deploy.yml',
      inputs: { reason: 'new base image' },
      actor: 'pat',
    });
  }
};

const SPECIAL: Record<string, Add> = {
  'vaultex/vaultex': vaultex,
  'eventflow/eventflow': eventflow,
  'flexi/order-processing': orders,
  'acme/cicd-platform': platform,
};

/** What happens once or by a calendar of its own, beside the everyday changes. */
export function specialEvents(
  repo: string,
  timeline: Timeline,
  files: Record<string, string>,
  days: number[],
  random: Random,
): void {
  SPECIAL[repo]?.(timeline, files, days, random);
}
