import type { ReactNode } from 'react';
import { useRowStyles } from './rowStyles';

/** Frame of a list of rows. */
export function RowTable(props: {
  label: string;
  columns: readonly { id: string; title: string; width?: string }[];
  children: ReactNode;
  busy?: boolean;
}) {
  const classes = useRowStyles();
  return (
    <div
      className={`${classes.frame} ${props.busy ? classes.stale : ''}`}
      role="region"
      aria-label={props.label}
      // What scrolls has to be reached with the keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <table
        className={classes.table}
        aria-label={props.label}
        aria-busy={props.busy}
      >
        <thead>
          <tr>
            {props.columns.map(({ id, title, width }) => (
              <th
                key={id}
                scope="col"
                className={classes.head}
                style={{ width }}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        {props.children}
      </table>
    </div>
  );
}
