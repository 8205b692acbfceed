import type { ReactNode } from 'react';
import { useT } from '../../translation/deliveryTranslationRef';
import { Skeleton } from '../../ui';
import { COLUMNS, useAuditStyles } from './auditStyles';

/** Frame of the list of entries. */
export function AuditTable(props: { children: ReactNode; busy?: boolean }) {
  const classes = useAuditStyles();
  const t = useT();
  return (
    <div
      className={`${classes.frame} ${props.busy ? classes.stale : ''}`}
      role="region"
      aria-label={t('audit.list')}
      // What scrolls has to be reached with the keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <table
        className={classes.table}
        aria-label={t('audit.list')}
        aria-busy={props.busy}
      >
        <thead>
          <tr>
            {COLUMNS.map(column => (
              <th
                key={column}
                scope="col"
                className={`${classes.head} ${classes[column]}`}
              >
                {t(`audit.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}

const WIDTHS = [60, 90, 110, 100, '80%'];

/** The list before its first answer: same shape, grey. */
export function AuditSkeleton() {
  const classes = useAuditStyles();
  const t = useT();
  return (
    <div role="status" aria-label={t('audit.loading')}>
      <AuditTable busy>
        {[0, 1, 2, 3, 4, 5].map(row => (
          <tr key={row}>
            {COLUMNS.map((column, index) => (
              <td key={column} className={classes.cell}>
                <Skeleton width={WIDTHS[index]} height={36} />
              </td>
            ))}
          </tr>
        ))}
      </AuditTable>
    </div>
  );
}
