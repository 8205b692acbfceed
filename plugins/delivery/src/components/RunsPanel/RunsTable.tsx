import type { ReactNode } from 'react';
import { useT } from '../../translation/deliveryTranslationRef';
import { Skeleton } from '../../ui';
import { columnClass, COLUMNS, useTableStyles } from './tableStyles';

/** Frame of the list of runs. */
export function RunsTable(props: { children: ReactNode; busy?: boolean }) {
  const classes = useTableStyles();
  const t = useT();
  return (
    <div className={classes.frame}>
      <table
        className={classes.table}
        aria-label={t('runs.caption')}
        aria-busy={props.busy}
      >
        <thead>
          <tr>
            {COLUMNS.map(column => (
              <th
                key={column}
                scope="col"
                className={`${classes.head} ${columnClass(classes, column)}`}
              >
                {t(`runs.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}

/** The list before its first answer: same shape, grey. */
export function RunsTableSkeleton(props: { rows: number }) {
  const classes = useTableStyles();
  const widths = [88, 44, '70%', 70, 60, 120, 70, 64];
  return (
    <RunsTable busy>
      {Array.from({ length: props.rows }, (_, row) => (
        <tr key={row} className={classes.row}>
          {COLUMNS.map((column, index) => (
            <td
              key={column}
              className={`${classes.cell} ${columnClass(classes, column)}`}
            >
              <Skeleton width={widths[index]} />
            </td>
          ))}
        </tr>
      ))}
    </RunsTable>
  );
}
