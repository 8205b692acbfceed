export type {
  ConformanceEnvironment,
  ConformanceFacts,
  ConformanceFile,
  ConformanceRepository,
  RuleAnswer,
} from './facts';
export { checkConformance, type CheckedRule } from './checkConformance';
export { isOlder } from './rules/templateVersion';
export { readPipeline } from './readPipeline';
export { templateOf } from './templateOf';
