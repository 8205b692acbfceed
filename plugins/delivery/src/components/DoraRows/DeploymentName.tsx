import { Link } from '@backstage/core-components';
import type { DoraDeploymentRow } from 'backstage-plugin-delivery-common';
import { cutText, shortSha } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import { useRunPath } from '../../hooks/useRunPath';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { RefLink } from '../AuditPanel/RefLink';
import { Moment } from './Moment';
import { useRowStyles } from './rowStyles';

/** `0b7ee31 #1285`, or what is known of it. */
export function nameOf(
  row: Pick<DoraDeploymentRow, 'sha' | 'runNumber'>,
  t: T,
): string {
  const sha = row.sha ? shortSha(row.sha) : t('doraRows.noCommit');
  return row.runNumber === undefined
    ? sha
    : `${sha} ${t('doraRows.number', { n: `${row.runNumber}` })}`;
}

/** Which deployment it is: commit and run, with the way to it, and when it was live. */
export function DeploymentName(props: {
  row: DoraDeploymentRow;
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
  const name = <span className={classes.code}>{nameOf(row, t)}</span>;
  const at = row.finishedAt ?? row.startedAt;
  const title = cutText(row.title ?? '', 120);
  const actor = cutText(row.actor ?? '', 60);
  return (
    <span className={classes.stack}>
      {to ? <Link to={to}>{name}</Link> : name}
      {title && <bdi className={classes.side}>{title}</bdi>}
      <span className={classes.side}>
        {at !== undefined && <Moment at={at} zone={zone} />}
        {at !== undefined && actor && ' · '}
        {actor && <bdi>{actor}</bdi>}
      </span>
      {props.showService && <RefLink entityRef={row.entityRef} />}
    </span>
  );
}
