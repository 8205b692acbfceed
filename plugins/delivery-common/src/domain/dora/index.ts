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
export * from './windows';
export * from './rhythm';
export * from './settingsHash';
export * from './definitions';
export * from './bands';
export * from './excludedOf';
export * from './rows';
export { metricsOf } from './metricsOf';
export type { KnownMetric, MetricsInput } from './metricsOf';
export { serviceValuesOf } from './metricsOfSpan';
export { DORA_UNIT_OF } from './words';
export { matchIncidents } from './matchIncidents';
export { detectFailures } from './detectFailures';
export { findRecoveries } from './findRecoveries';
export { tellRework } from './tellRework';
export { judge } from './judge';
export { closesOf, isHotfix, namesOf, revertsOf } from './references';
export { mergeSources } from './mergeSources';
export { tellKinds } from './tellKinds';
export { attributeChanges } from './attributeChanges';
export type { AttributeInput } from './attributeChanges';
export { linkFacts } from './linkFacts';
export { matchesGlob } from './matchesGlob';
export { computeDora } from './computeDora';
export {
  doraFactsSchema,
  doraInputJsonSchema,
  doraInputSchema,
} from './factsSchema';
export { readDoraFacts } from './readDoraFacts';
export { readDoraInput } from './doraInput';
export type { DoraInput } from './doraInput';
