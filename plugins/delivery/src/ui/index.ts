/**
 * The house's own controls: the only place that knows Material UI. Screens import from here.
 */
export { makeStyles, useTheme } from '@material-ui/core/styles';
export type { Theme } from '@material-ui/core/styles';
export type { SvgIconProps } from '@material-ui/core/SvgIcon';
export { Action } from './Action';
export type { ActionKind } from './Action';
export { Badge } from './Badge';
export { Bar } from './Bar';
export { Chip } from './Chip';
export { ConfirmDialog } from './ConfirmDialog';
export { Count } from './Count';
export { Drawer } from './Drawer';
export { Fold } from './Fold';
export { Hint } from './Hint';
export { IconAction } from './IconAction';
export * from './icons';
export { LinkTabs } from './LinkTabs';
export { Message } from './Message';
export { Panel } from './Panel';
export { SearchField } from './SearchField';
export { SelectField } from './SelectField';
export { Skeleton } from './Skeleton';
export { Tabs } from './Tabs';
export { TextArea, TextInput } from './TextArea';
export { Toggle } from './Toggle';
export { lineColor, secondaryText, tonesOf, trackColor } from './tones';
export type { Tone, ToneColors } from './tones';
