import type {
  DoraDeploymentRow,
  DoraMetricId,
} from 'backstage-plugin-delivery-common';
import { formatSpan } from '../../format/doraValue';
import { cutText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { doraWords } from '../../translation/doraWords';
import { Badge, FailureIcon, WarningIcon } from '../../ui';
import { isRate } from '../DoraPanel/metricWords';
import { Moment } from './Moment';
import { OverrideButton } from './OverrideButton';
import type { OverrideProps } from './OverrideButton';
import { DeploymentName } from './DeploymentName';
import { EvidenceChips } from './EvidenceChips';
import { useRowStyles } from './rowStyles';
import { RowTable } from './RowTable';

interface RowProps {
  row: DoraDeploymentRow;
  metric: DoraMetricId;
  zone: string;
  showService: boolean;
  override?: OverrideProps;
}

function What(props: { row: DoraDeploymentRow; metric: DoraMetricId }) {
  const classes = useRowStyles();
  const t = useT();
  const { row, metric } = props;
  const because = cutText(row.reworkBecause ?? '', 160);
  const facts = [
    t(`doraWords.kind.${row.kind}`),
    t(`doraWords.outcome.${row.outcome}`),
    row.attempts > 1 && t('doraRows.attempts', { n: `${row.attempts}` }),
    row.changes > 0 && t('doraRows.withChanges', { count: row.changes }),
    row.rolledBack && t('doraRows.takenBack'),
    row.provisional && t('doraRows.provisional'),
  ];
  return (
    <span className={classes.stack}>
      {row.failed && (
        <Badge tone="error" Icon={FailureIcon}>
          {t('dora.chart.failed_hits')}
        </Badge>
      )}
      {metric === 'rework_rate' && row.rework && (
        <Badge tone="warning" Icon={WarningIcon}>
          {t('dora.chart.rework_hits')}
        </Badge>
      )}
      {metric === 'rework_rate' && because && <bdi>{because}</bdi>}
      <EvidenceChips evidence={row.evidence} />
      <span className={classes.side}>{facts.filter(Boolean).join(' · ')}</span>
    </span>
  );
}

function Restored(props: {
  row: DoraDeploymentRow;
  zone: string;
  /** When it failed and was noticed, too. */
  whole: boolean;
}) {
  const classes = useRowStyles();
  const t = useT();
  const { row, whole, zone } = props;
  const { detectedAt, failedAt, recoveredBy, recoveryMs } = row;
  if (!row.failed) return <>–</>;
  const by = cutText(recoveredBy ?? '', 80);
  return (
    <span className={classes.stack}>
      <span className={classes.number}>
        {recoveryMs === undefined
          ? t('doraRows.notOver')
          : formatSpan(recoveryMs, t)}
      </span>
      {whole && failedAt !== undefined && (
        <span className={classes.side}>
          {t('doraRows.failedAt', {
            when: <Moment at={failedAt} zone={zone} />,
          })}
        </span>
      )}
      {whole && failedAt !== undefined && detectedAt !== undefined && (
        <span className={classes.side}>
          {t('doraRows.detected', {
            duration: formatSpan(detectedAt - failedAt, t),
          })}
        </span>
      )}
      {by && (
        <bdi className={classes.side}>
          {Object.hasOwn(doraWords.recovery, by)
            ? t(`doraWords.recovery.${by as keyof typeof doraWords.recovery}`)
            : by}
        </bdi>
      )}
    </span>
  );
}

function Took(props: { row: DoraDeploymentRow }) {
  const classes = useRowStyles();
  const t = useT();
  const { durationMs, queuedMs, waitedMs } = props.row;
  const span = (ms: number) => formatSpan(ms, t);
  return (
    <span className={classes.stack}>
      <span className={classes.number}>
        {durationMs === undefined ? t('doraRows.notKnown') : span(durationMs)}
      </span>
      {queuedMs !== undefined && (
        <span className={classes.side}>
          {t('doraRows.queued', { duration: span(queuedMs) })}
        </span>
      )}
      {waitedMs !== undefined && (
        <span className={classes.side}>
          {t('doraRows.waited', { duration: span(waitedMs) })}
        </span>
      )}
    </span>
  );
}

/** Metrics about how long a failure lasted, or whether there was one. */
const OF_FAILURES: readonly DoraMetricId[] = [
  'change_fail_rate',
  'recovery_time',
  'time_to_recovery',
];

function Row(props: RowProps) {
  const classes = useRowStyles();
  const { metric, override, row, zone } = props;
  return (
    <tr data-row={row.id}>
      <th scope="row" className={classes.cell}>
        <DeploymentName row={row} zone={zone} showService={props.showService} />
      </th>
      <td className={classes.cell}>
        <What row={row} metric={metric} />
      </td>
      <td className={classes.cell}>
        <span className={classes.stack}>
          {OF_FAILURES.includes(metric) ? (
            <Restored
              row={row}
              zone={zone}
              whole={metric !== 'change_fail_rate'}
            />
          ) : (
            <Took row={row} />
          )}
          {override && <OverrideButton row={row} {...override} />}
        </span>
      </td>
    </tr>
  );
}

/** Does the row count above the line of the rate? */
const isHit: Record<string, (row: DoraDeploymentRow) => boolean> = {
  change_fail_rate: row => row.failed,
  rework_rate: row => row.rework,
};

/** Deployments behind a number. Of a rate those above its line are a group of their own, when they all come first. */
export function DeploymentRows(props: {
  label: string;
  metric: DoraMetricId;
  rows: readonly DoraDeploymentRow[];
  total: number;
  /** Of a rate. */
  hits?: number;
  zone: string;
  showService: boolean;
  override?: OverrideProps;
  busy?: boolean;
}) {
  const classes = useRowStyles();
  const t = useT();
  const { hits = 0, metric, rows, total } = props;
  const hit = isHit[metric];
  const first = hit ? rows.findIndex(row => !hit(row)) : -1;
  const leading = first < 0 ? rows.length : first;
  const grouped = hit !== undefined && leading >= Math.min(hits, rows.length);
  const columns = [
    { id: 'deployment', title: t('doraRows.deployment'), width: '32%' },
    { id: 'what', title: t('doraRows.what') },
    OF_FAILURES.includes(metric)
      ? { id: 'restored', title: t('doraRows.restoredAfter'), width: '26%' }
      : { id: 'took', title: t('doraRows.took'), width: '26%' },
  ];
  const list = (part: readonly DoraDeploymentRow[]) =>
    part.map(row => (
      <Row
        key={row.id}
        row={row}
        metric={metric}
        zone={props.zone}
        showService={props.showService}
        override={props.override}
      />
    ));
  const groups =
    grouped && isRate(metric)
      ? [
          {
            id: 'hits',
            title: t(`doraRows.groups.${metric}.hits`, { n: `${hits}` }),
            part: rows.slice(0, hits),
          },
          {
            id: 'rest',
            title: t(`doraRows.groups.${metric}.rest`, {
              n: `${Math.max(0, total - hits)}`,
            }),
            part: rows.slice(hits),
          },
        ].filter(({ part }) => part.length > 0)
      : [{ id: 'all', title: '', part: rows }];
  return (
    <RowTable label={props.label} columns={columns} busy={props.busy}>
      {groups.map(({ id, title, part }) => (
        <tbody key={id}>
          {title && (
            <tr>
              <th
                scope="rowgroup"
                colSpan={columns.length}
                className={classes.group}
              >
                {title}
              </th>
            </tr>
          )}
          {list(part)}
        </tbody>
      ))}
    </RowTable>
  );
}
