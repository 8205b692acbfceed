import Tab from '@material-ui/core/Tab';
import MuiTabs from '@material-ui/core/Tabs';

/** Tabs; `panelId` gives the id of the region a tab shows. */
export function Tabs(props: {
  label: string;
  value: string;
  tabs: { value: string; label: string }[];
  onChange: (value: string) => void;
  panelId: (value: string) => string;
}) {
  return (
    <MuiTabs
      aria-label={props.label}
      value={props.value}
      indicatorColor="primary"
      textColor="primary"
      variant="scrollable"
      scrollButtons="auto"
      onChange={(_, value: string) => props.onChange(value)}
    >
      {props.tabs.map(tab => (
        <Tab
          key={tab.value}
          value={tab.value}
          label={tab.label}
          id={`${props.panelId(tab.value)}-tab`}
          aria-controls={props.panelId(tab.value)}
        />
      ))}
    </MuiTabs>
  );
}
