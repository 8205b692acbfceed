import { Link } from '@backstage/core-components';
import type { DoraChangeRow } from 'backstage-plugin-delivery-common';
import { formatSpan } from '../../format/doraValue';
import { cutText, shortSha } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { doraWords } from '../../translation/doraWords';
import { Badge, InfoIcon } from '../../ui';
import { RefLink } from '../AuditPanel/RefLink';
import { Moment } from './Moment';
import { useRowStyles } from './rowStyles';
import { RowTable } from './RowTable';
import { StageBar } from './StageBar';

type Warning = keyof typeof doraWords.warning;

function warningsOf(row: DoraChangeRow, t: T): string {
  return row.warnings
    .map(word =>
      Object.hasOwn(doraWords.warning, word)
        ? t(`doraWords.warning.${word as Warning}`)
        : cutText(word, 80),
    )
    .join(' · ');
}

function Name(props: { row: DoraChangeRow; showService: boolean }) {
  const classes = useRowStyles();
  const t = useT();
  const { row } = props;
  const url = safeUrl(row.url);
  const title = cutText(row.title ?? '', 160) || t('doraRows.untitled');
  const text =
    row.number === undefined
      ? shortSha(row.sha)
      : t('doraRows.number', { n: `${row.number}` });
  const author = cutText(row.author ?? '', 60);
  const warnings = warningsOf(row, t);
  return (
    <span className={classes.stack}>
      <bdi>{title}</bdi>
      <span className={classes.side}>
        {url ? <Link to={url}>{text}</Link> : text}
        {author && ' · '}
        {author && <bdi>{author}</bdi>}
      </span>
      {row.rolledBack && (
        <span className={classes.side}>{t('doraRows.takenBack')}</span>
      )}
      {warnings && <bdi className={classes.side}>{warnings}</bdi>}
      {props.showService && <RefLink entityRef={row.entityRef} />}
    </span>
  );
}

function Lead(props: { row: DoraChangeRow; zone: string }) {
  const classes = useRowStyles();
  const t = useT();
  const { row, zone } = props;
  return (
    <span className={classes.stack}>
      <span className={classes.number}>
        {row.leadMs === undefined
          ? t('doraRows.notKnown')
          : formatSpan(row.leadMs, t)}
      </span>
      {row.atMedian && (
        <Badge tone="running" Icon={InfoIcon} hint={t('doraRows.medianHint')}>
          {t('doraRows.median')}
        </Badge>
      )}
      {row.deployedAt !== undefined && (
        <span className={classes.side}>
          {t('doraRows.deployedAt', {
            when: <Moment at={row.deployedAt} zone={zone} />,
          })}
        </span>
      )}
    </span>
  );
}

/** Changes behind the lead time, with where their time went. */
export function ChangeRows(props: {
  label: string;
  rows: readonly DoraChangeRow[];
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
        { id: 'change', title: t('doraRows.change'), width: '36%' },
        { id: 'stages', title: t('doraRows.where') },
        { id: 'lead', title: t('doraRows.lead'), width: '24%' },
      ]}
      busy={props.busy}
    >
      <tbody>
        {props.rows.map(row => (
          <tr
            key={row.id}
            data-row={row.id}
            className={row.atMedian ? classes.median : undefined}
          >
            <th scope="row" className={classes.cell}>
              <Name row={row} showService={props.showService} />
            </th>
            <td className={classes.cell}>
              <StageBar stages={row.stages} />
            </td>
            <td className={classes.cell}>
              <Lead row={row} zone={props.zone} />
            </td>
          </tr>
        ))}
      </tbody>
    </RowTable>
  );
}
