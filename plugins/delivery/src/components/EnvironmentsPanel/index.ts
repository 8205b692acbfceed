export { EnvironmentsPanel } from './EnvironmentsPanel';
export type { EnvironmentsPanelProps } from './EnvironmentsPanel';
