import { Link } from '@backstage/core-components';
import type { DoraExcludedRow } from 'backstage-plugin-delivery-common';
import { cutText } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import { useRunPath } from '../../hooks/useRunPath';
import { useT } from '../../translation/deliveryTranslationRef';
import { RefLink } from '../AuditPanel/RefLink';
import { reasonSentence } from '../DoraPanel/metricWords';
import { Moment } from './Moment';
import { useRowStyles } from './rowStyles';
import { RowTable } from './RowTable';

function Name(props: {
  row: DoraExcludedRow;
  zone: string;
  showService: boolean;
}) {
  const classes = useRowStyles();
  const t = useT();
  const runPath = useRunPath();
  const { row, zone } = props;
  const to =
    (row.runId === undefined ? undefined : runPath?.(row.runId)) ??
    safeUrl(row.url);
  const name = <bdi>{cutText(row.title || row.id, 160)}</bdi>;
  return (
    <span className={classes.stack}>
      {to ? <Link to={to}>{name}</Link> : name}
      <span className={classes.side}>
        {t(`doraWords.what.${row.what}`)}
        {row.at !== undefined && ' · '}
        {row.at !== undefined && <Moment at={row.at} zone={zone} />}
      </span>
      {props.showService && row.entityRef && (
        <RefLink entityRef={row.entityRef} />
      )}
    </span>
  );
}

/** What was seen and is not counted, each with the reason. */
export function ExcludedRows(props: {
  label: string;
  rows: readonly DoraExcludedRow[];
  zone: string;
  showService: boolean;
  busy?: boolean;
}) {
  const classes = useRowStyles();
  const t = useT();
  return (
    <RowTable
      label={props.label}
      columns={[
        { id: 'what', title: t('doraRows.seen') },
        { id: 'reason', title: t('doraRows.reason') },
      ]}
      busy={props.busy}
    >
      <tbody>
        {props.rows.map(row => (
          <tr
            key={`${row.what} ${row.id} ${row.reason}`}
            data-row={row.id}
            data-reason={row.reason}
          >
            <th scope="row" className={classes.cell}>
              <Name
                row={row}
                zone={props.zone}
                showService={props.showService}
              />
            </th>
            <td className={classes.cell}>
              <span className={classes.stack}>
                <span>{reasonSentence(row.reason, t)}</span>
                {row.detail && (
                  <bdi className={classes.side}>{cutText(row.detail, 300)}</bdi>
                )}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </RowTable>
  );
}
