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
  /** Who merges a pull request of this author. */
  reviewer(author: string): string;
}

const other = (a: string, b: string) => (author: string) =>
  author === a ? b : a;

/** In the order the timelines are made. */
export const CADENCES: Cadence[] = [
  {
    component: 'vaultex-api',
    repo: 'vaultex/vaultex',
    topics: TOPICS['vaultex-api'],
    perDay: 2.2,
    pullShare: 0.7,
    base: 'main',
    authors: ['dana', 'dana', 'ravi'],
    reviewer: other('ravi', 'dana'),
  },
  {
    component: 'vaultex-ledger',
    repo: 'vaultex/vaultex',
    topics: TOPICS['vaultex-ledger'],
    perDay: 0.7,
    pullShare: 0.8,
    base: 'main',
    authors: ['ravi', 'dana'],
    reviewer: other('ravi', 'dana'),
  },
  {
    component: 'cicd-platform',
    repo: 'acme/cicd-platform',
    topics: TOPICS['cicd-platform'],
    perDay: 0.7,
    pullShare: 0.6,
    base: 'main',
    authors: ['pat', 'ravi'],
    reviewer: other('pat', 'ravi'),
  },
  {
    component: 'order-processing',
    repo: 'flexi/order-processing',
    topics: TOPICS['order-processing'],
    perDay: 0.45,
    pullShare: 0.9,
    base: 'main',
    authors: ['dana', 'ravi'],
    reviewer: other('ravi', 'dana'),
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
  },
  {
    component: 'legacy-billing',
    repo: 'acme/legacy-billing',
    topics: TOPICS['legacy-billing'],
    perDay: 0.22,
    pullShare: 0,
    base: 'main',
    authors: ['ravi', 'pat'],
    reviewer: other('pat', 'ravi'),
  },
];
