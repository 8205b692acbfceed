/** Facts of deployments, changes and incidents, how they are put together, and the metrics made of them. */
export * from './facts';
export * from './linked';
export * from './measured';
export * from './quantiles';
export * from './verdicts';
export * from './totals';
export { makeHistory } from './history';
export type { History, HistorySpan } from './history';
export { DORA_ALGORITHM } from './version';
