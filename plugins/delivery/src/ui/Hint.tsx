import Tooltip from '@material-ui/core/Tooltip';
import type { ReactElement } from 'react';

/** Says more on hover and focus; the child keeps its own name for screen readers. */
export function Hint(props: { text: string; children: ReactElement }) {
  return (
    <Tooltip title={props.text} enterDelay={300}>
      {props.children}
    </Tooltip>
  );
}
