export * from './facts';
export { asChecks, firstRefusal } from './rules';
export { gateViewOf, viewDifferences } from './gateView';
export { checkGate } from './checkGate';
export { checkOrder } from './checkOrder';
export { checkSelfReview } from './selfReview';
export type { Decider, SelfReviewInput, SelfReviewWhy } from './selfReview';
export { authorsOf } from './authors';
export type { UnknownAuthor } from './authors';
export { checkPolicy } from './checkPolicy';
export type { KnownCheck, SoakFacts } from './checkPolicy';
export { frozenAt } from './freeze';
export { classifyRefusedDecision } from './classifyRefusal';
export type { RecordedDecision, RefusedDecision } from './classifyRefusal';
export {
  decisionComment,
  findDecision,
  readDecisionComment,
} from './decisionComment';
export type { PortalComment } from './decisionComment';
export { gateInWords } from './gateInWords';
export { changesOf, migrationsIn, sizeOf } from './evidence';
export { riskHints } from './risk';
export type { RiskInput } from './risk';
export { needsDecision } from './needsDecision';
export { rollbackWay } from './rollbackWay';
export type { RollbackInput, RollbackWay } from './rollbackWay';
export { findingsOf } from './findings';
export type { DeploymentForFinding, FoundDeployment } from './findings';
