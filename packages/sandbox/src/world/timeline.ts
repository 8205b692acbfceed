import { pick, seededRandom, type Random } from '../engine';
import type { MergeMethod } from '../state';
import { CADENCES, type Cadence } from './cadences';
import { DAY, HOUR, seconds, type PlannedCommit, type Timeline } from './plan';
import { addPull, addPush } from './planPull';
import { specialEvents } from './special';
import type { Topic } from './topics';

const isWeekend = (day: number) => [0, 6].includes(new Date(day).getUTCDay());

/** Days people work on, oldest first. */
export function workDays(from: number, until: number): number[] {
  const days: number[] = [];
  for (let day = from; day < until; day += DAY) {
    if (!isWeekend(day)) days.push(day);
  }
  return days;
}

/** Adds changes of one cadence to the timeline of its repository. */
function addCadence(
  timeline: Timeline,
  cadence: Cadence,
  days: number[],
  random: Random,
): void {
  const counts = new Map<Topic, number>();
  for (const day of days) {
    const whole = Math.floor(cadence.perDay);
    const count = whole + (random() < cadence.perDay - whole ? 1 : 0);
    for (let index = 0; index < count; index += 1) {
      const topic = pick(random, cadence.topics);
      const n = (counts.get(topic) ?? 0) + 1;
      counts.set(topic, n);
      const at = day + 8.5 * HOUR + random() * 8 * HOUR;
      const { pace, reviewer, base } = cadence;
      const change = {
        title: pick(random, topic.titles),
        files: { [topic.path]: topic.render(n) },
        author: pick(random, cadence.authors),
        at: seconds(at),
      };
      if (random() < cadence.pullShare) {
        addPull(timeline, { pace, reviewer, base }, change, random);
      } else addPush(timeline, base, change);
    }
  }
}

/** Plans what happens in a repository between two days; `files` is its first commit. */
export function planTimeline(
  slugOfRepo: string,
  files: Record<string, string>,
  span: { from: number; until: number; seed: string; method?: MergeMethod },
): Timeline {
  const first: PlannedCommit = {
    branch: 'main',
    from: 'main',
    files,
    message: () => 'Import the repository',
    author: 'pat',
    at: span.from - 30 * DAY,
    sha: '',
  };
  const timeline: Timeline = {
    owner: slugOfRepo.split('/')[0],
    method: span.method ?? 'squash',
    since: span.from,
    commits: [first],
    pulls: [],
    incidents: [],
    acts: [],
    certain: new Set(),
    lost: new Set(),
    afterNumbers: [],
  };
  if (
    CADENCES.some(({ repo, base }) => repo === slugOfRepo && base !== 'main')
  ) {
    // Pull requests start from `develop`: it must be there before them.
    const content = '* @eventflow/events\n';
    timeline.commits.push({
      ...first,
      branch: 'develop',
      files: { '.github/CODEOWNERS': content },
      message: () => 'Name the owners',
      at: first.at + 1000,
    });
  }
  const days = workDays(span.from, span.until);
  for (const cadence of CADENCES.filter(({ repo }) => repo === slugOfRepo)) {
    const random = seededRandom(`${span.seed} ${cadence.component}`);
    addCadence(timeline, cadence, days, random);
  }
  const random = seededRandom(`${span.seed} ${slugOfRepo} special`);
  specialEvents(slugOfRepo, timeline, files, days, random);
  // Stable: what is planned for the same second keeps its order.
  timeline.commits.sort((a, b) => a.at - b.at);
  timeline.acts.sort((a, b) => a.at - b.at);
  timeline.pulls.sort((a, b) => a.openedAt - b.openedAt);
  [...timeline.pulls, ...timeline.incidents]
    .sort((a, b) => a.openedAt - b.openedAt)
    .forEach((item, index) => {
      item.number = index + 1;
    });
  timeline.afterNumbers.forEach(write => write());
  return timeline;
}
