import { pick } from '../../engine';
import { DAY, HOUR, seconds, type PlannedCommit } from '../plan';
import { addFailure, addIncident } from '../troubles';
import { TOPICS } from '../topics';
import type { Add } from './types';

/** Of the pushes: the deployment of these fails. */
const FAILS = [3, 8];
const NOTICED = 5;

/** Everybody commits on a machine of their own and pushes days later, straight to the branch. */
export const billing: Add = (timeline, _files, days, random) => {
  const [topic] = TOPICS['legacy-billing'];
  const last = Math.floor((days.length - 7) / 5);
  for (let index = 0; index <= last; index += 1) {
    const at = seconds(days[index * 5 + 2] + (9 + random() * 6) * HOUR);
    const author = pick(random, ['ravi', 'pat']);
    const count = 1 + Math.floor(random() * 3);
    const commits: PlannedCommit[] = [];
    for (let place = 0; place < count; place += 1) {
      const title = pick(random, topic.titles);
      commits.push({
        branch: 'main',
        from: 'main',
        files: { [topic.path]: topic.render(index * 4 + place + 1) },
        message: () => title,
        author,
        // pulled with a rebase right before the push
        at: at - (count - place) * 1000,
        authoredAt: seconds(at - (3 + random() * 12) * DAY),
        sha: '',
      });
    }
    timeline.commits.push(...commits);
    const commit = commits[count - 1];
    timeline.acts.push({ at, kind: 'push', commit, actor: author });
    timeline.certain.add(commit);
    if (FAILS.includes(index)) {
      const job = 'deploy';
      const step = 'deploy';
      addFailure(timeline, commit, { workflow: 'deploy.yml', job, step });
    }
    if (index === NOTICED) {
      addIncident(timeline, {
        title: 'Invoices without VAT',
        author: 'pat',
        at: at + 2 * HOUR,
        hours: 30,
      });
    }
    if (index === last) {
      addIncident(timeline, {
        title: 'Invoices are sent twice',
        author: 'pat',
        at: at + 5 * HOUR,
      });
    }
  }
};
