export { DoraMetrics } from './DoraMetrics';
export { DoraPanel } from './DoraPanel';
export type { DoraPanelProps } from './DoraPanel';
export { DoraReportView } from './DoraReportView';
export type { DoraReportViewProps } from './DoraReportView';
