import type { Random } from '../../engine';
import { CADENCES } from '../cadences';
import type { Timeline } from '../plan';
import type { PullPlan } from '../planPull';

/** Adds to a timeline what happens beside the everyday changes. */
export type Add = (
  timeline: Timeline,
  /** First commit of the repository. */
  files: Record<string, string>,
  /** Days people work on, oldest first. */
  days: number[],
  random: Random,
) => void;

/** How the people of a component work. */
export function planOf(component: string): PullPlan {
  const cadence = CADENCES.find(item => item.component === component);
  if (!cadence) throw new Error(`nobody works on ${component}`);
  return cadence;
}

const BOT = 'dependabot[bot]';

/** What a bot's pull request is like: nobody waits for it, and a person merges it. */
export const byBot = (reviewer: string, what: string) => ({
  plan: {
    base: 'main',
    reviewer: () => reviewer,
    pace: {
      coding: [0, 0] as [number, number],
      pickup: [1, 30] as [number, number],
      review: [0.1, 1] as [number, number],
      commits: 1,
    },
  },
  change: {
    author: BOT,
    labels: ['dependencies'],
    body: () => `Bumps ${what}. Release notes are not shown.`,
  },
});
