export { EnvironmentLinks } from './EnvironmentLinks';
export { EnvironmentStrip } from './EnvironmentStrip';
export { PanelNames } from './PanelNames';
