import type { Pace } from './planPull';
import { TOPICS, type Topic } from './topics';

/** How people work on a component. */
export interface Cadence {
  component: string;
  /** `owner/name`. */
  repo: string;
  topics: Topic[];
  /** Changes on a working day. */
  perDay: number;
  /** Share of them that come by pull request. */
  pullShare: number;
  /** Branch changes go to. */
  base: string;
  authors: string[];
  /** Who reviews and merges a pull request of this author. */
  reviewer(author: string): string;
  pace: Pace;
}

const other = (a: string, b: string) => (author: string) =>
  author === a ? b : a;

/** In the order the timelines are made. */
export const CADENCES: Cadence[] = [
  {
    component: 'vaultex-api',
    repo: 'vaultex/vaultex',
    topics: TOPICS['vaultex-api'],
    perDay: 2,
    pullShare: 0.75,
    base: 'main',
    authors: ['dana', 'dana', 'ravi'],
    reviewer: other('ravi', 'dana'),
    pace: {
      coding: [1, 26],
      pickup: [0.3, 6],
      review: [0.5, 12],
      commits: 4,
    },
  },
  {
    component: 'vaultex-ledger',
    repo: 'vaultex/vaultex',
    topics: TOPICS['vaultex-ledger'],
    perDay: 0.4,
    pullShare: 0.8,
    base: 'main',
    authors: ['ravi', 'dana'],
    reviewer: other('ravi', 'dana'),
    pace: {
      coding: [4, 50],
      pickup: [1, 12],
      review: [1, 20],
      commits: 5,
    },
  },
  {
    component: 'cicd-platform',
    repo: 'acme/cicd-platform',
    topics: TOPICS['cicd-platform'],
    perDay: 1.4,
    pullShare: 0.7,
    base: 'main',
    authors: ['pat', 'ravi'],
    reviewer: other('pat', 'ravi'),
    pace: {
      coding: [0.2, 2],
      pickup: [0.1, 0.8],
      review: [0.1, 1],
      commits: 2,
    },
  },
  {
    component: 'order-processing',
    repo: 'flexi/order-processing',
    topics: TOPICS['order-processing'],
    perDay: 0,
    pullShare: 1,
    base: 'main',
    authors: ['dana', 'ravi'],
    reviewer: other('ravi', 'dana'),
    pace: {
      coding: [30, 100],
      pickup: [8, 30],
      review: [12, 60],
      commits: 7,
    },
  },
  {
    component: 'order-processing-infra',
    repo: 'flexi/order-processing',
    topics: TOPICS['order-processing-infra'],
    perDay: 0.12,
    pullShare: 1,
    base: 'main',
    authors: ['ravi'],
    reviewer: other('ravi', 'dana'),
    pace: {
      coding: [8, 40],
      pickup: [2, 20],
      review: [4, 30],
      commits: 3,
    },
  },
  {
    component: 'eventflow-backend',
    repo: 'eventflow/eventflow',
    topics: TOPICS['eventflow-backend'],
    perDay: 0.6,
    pullShare: 0.8,
    base: 'develop',
    authors: ['ravi', 'dana'],
    reviewer: other('ravi', 'dana'),
    pace: {
      coding: [4, 40],
      pickup: [1, 10],
      review: [1, 12],
      commits: 4,
    },
  },
  {
    component: 'eventflow-frontend',
    repo: 'eventflow/eventflow',
    topics: TOPICS['eventflow-frontend'],
    perDay: 0.5,
    pullShare: 0.8,
    base: 'develop',
    authors: ['dana'],
    reviewer: other('ravi', 'dana'),
    pace: {
      coding: [2, 24],
      pickup: [1, 8],
      review: [1, 8],
      commits: 4,
    },
  },
];
