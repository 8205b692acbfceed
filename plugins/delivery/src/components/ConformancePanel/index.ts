export { ConformancePanel } from './ConformancePanel';
export type { ConformancePanelProps } from './ConformancePanel';
export { ConformanceScore } from './ConformanceScore';
export { RESULT_LOOKS } from './resultLook';
