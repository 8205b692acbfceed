import { pick, type Random } from '../../engine';
import {
  DAY,
  HOUR,
  type PlannedCommit,
  type PlannedPull,
  type Timeline,
} from '../plan';
import { addPull, addPush } from '../planPull';
import {
  addFailure,
  addHotfix,
  addIncident,
  addRevert,
  addRollback,
} from '../troubles';
import { TOPICS } from '../topics';
import { planOf, type Add } from './types';

const SERVICE = 'order-processing';
/** Of the weekly changes: this one does not start, that one starts and loses orders. */
const CRASHES = 4;
const LOSES_ORDERS = 8;
/** Days after it something happens that has nothing to do with it. */
const QUIET = 6;

function lostOrders(
  timeline: Timeline,
  {
    pull,
    before,
    at,
  }: { pull: PlannedPull; before: string | null; at: number },
  random: Random,
) {
  addIncident(timeline, {
    title: 'Orders are confirmed and forgotten',
    author: 'dana',
    at: at + 3 * HOUR,
    hours: 20,
    names: { kind: 'run', commit: pull.merge as PlannedCommit },
  });
  const reason = 'Orders are forgotten';
  const actor = 'dana';
  addRollback(timeline, { service: SERVICE, reason, actor, at: at + 4 * HOUR });
  const [path] = Object.keys(pull.merge?.files ?? {});
  addRevert(
    timeline,
    planOf(SERVICE),
    pull,
    {
      repo: `flexi/${SERVICE}`,
      files: { [path]: before },
      author: 'ravi',
      at: at + DAY,
    },
    random,
  );
}

/** One change a week, made of many commits. */
export const orders: Add = (timeline, _files, days, random) => {
  const plan = planOf(SERVICE);
  let before: string | null = null;
  for (let week = 0; week * 5 + 3 < days.length - 2; week += 1) {
    const at = days[week * 5 + 3] + (9.5 + random()) * HOUR;
    const [, topic] = TOPICS[SERVICE];
    const content = topic.render(week + 1);
    const whole = Math.round(at / 1000) * 1000;
    const pull = addPull(
      timeline,
      plan,
      {
        title: pick(random, TOPICS[SERVICE]).titles[week % 2],
        files: { [topic.path]: content },
        author: week % 3 === 0 ? 'ravi' : 'dana',
        at: whole,
        labels: week % 4 === 0 ? ['enhancement'] : [],
      },
      random,
    );
    if (pull.merge) timeline.certain.add(pull.merge);
    if (week === CRASHES && pull.merge) {
      addFailure(timeline, pull.merge, {
        workflow: 'app-deploy.yml',
        job: 'production',
        step: 'Deploy to ECS',
      });
      const title = 'Start without the old queue';
      const files = { 'app/src/queue.js': 'exports.old = false;\n' };
      const change = { title, files, author: 'dana', at: whole + 6 * HOUR };
      addHotfix(timeline, plan, change, random);
    }
    if (week === LOSES_ORDERS) {
      lostOrders(timeline, { pull, before, at: whole }, random);
    }
    if (week === QUIET) {
      addIncident(timeline, {
        title: 'A carrier sends nonsense',
        author: 'ravi',
        at: whole + 3 * DAY,
        hours: 6,
      });
    }
    before = content;
  }
  addPush(timeline, 'main', {
    title: 'Confirm an order only when it is paid',
    files: { 'app/src/paid.js': "exports.paid = o => o.state === 'paid';\n" },
    author: 'dana',
    at: days[days.length - 1] + 17.5 * HOUR,
  });
};
