import { Link } from '@backstage/core-components';
import type { AuditItem } from 'backstage-plugin-delivery-common';
import { cutText, plainText, shortSha } from '../../format/plainText';
import { useRunPath } from '../../hooks/useRunPath';
import { useT } from '../../translation/deliveryTranslationRef';
import { Badge } from '../../ui';
import { Ago } from '../Time';
import { COLUMNS, useAuditStyles } from './auditStyles';
import { actionWord, PHASE_LOOKS } from './auditWords';
import { RefLink } from './RefLink';

function Who(props: { item: AuditItem }) {
  const classes = useAuditStyles();
  const t = useT();
  const { actor, login } = props.item;
  const account = cutText(login ?? '', 60);
  return (
    <>
      <RefLink entityRef={actor} />
      {account && (
        <bdi className={classes.side}>{t('audit.as', { login: account })}</bdi>
      )}
    </>
  );
}

function What(props: { item: AuditItem }) {
  const classes = useAuditStyles();
  const t = useT();
  const { action, phase } = props.item;
  return (
    <>
      <bdi className={classes.strong}>{actionWord(action, t)}</bdi>
      <Badge {...PHASE_LOOKS[phase]} hint={t(`audit.phaseHint.${phase}`)}>
        {t(`audit.phase.${phase}`)}
      </Badge>
    </>
  );
}

function Where(props: { item: AuditItem; showService: boolean }) {
  const classes = useAuditStyles();
  const t = useT();
  const runPath = useRunPath();
  const { item } = props;
  const to = item.runId === undefined ? undefined : runPath?.(item.runId);
  const attempt =
    item.attempt !== undefined && item.attempt > 1
      ? t('audit.attempt', { n: `${item.attempt}` })
      : '';
  return (
    <>
      {props.showService && item.entityRef && (
        <span className={classes.block}>
          <RefLink entityRef={item.entityRef} />
        </span>
      )}
      {item.environment && (
        <bdi className={classes.block}>{cutText(item.environment, 80)}</bdi>
      )}
      {item.runId !== undefined && (
        <span className={classes.side}>
          {to ? <Link to={to}>{t('audit.run')}</Link> : t('audit.run')}
        </span>
      )}
      {(attempt || item.sha) && (
        <span className={classes.side} title={plainText(item.sha ?? '')}>
          {attempt}
          {attempt && item.sha && ' · '}
          {item.sha && (
            <code className={classes.code}>{shortSha(item.sha)}</code>
          )}
        </span>
      )}
    </>
  );
}

function Why(props: { item: AuditItem }) {
  const classes = useAuditStyles();
  const t = useT();
  const { comment, outcome, seq, hash } = props.item;
  const said = cutText(comment ?? '', 800);
  const ended = cutText(outcome?.message ?? '', 400);
  return (
    <>
      {said && (
        <bdi className={classes.block}>
          {t('audit.comment', { comment: said })}
        </bdi>
      )}
      {ended && <bdi className={classes.block}>{ended}</bdi>}
      <span className={classes.side} title={plainText(hash)}>
        {t('audit.entry', { n: `${seq}` })}
      </span>
    </>
  );
}

/** One entry: when, who, what, where, and why. */
export function AuditRow(props: { item: AuditItem; showService: boolean }) {
  const classes = useAuditStyles();
  const { item } = props;
  const cells = {
    when: <Ago at={item.at} />,
    who: <Who item={item} />,
    what: <What item={item} />,
    where: <Where item={item} showService={props.showService} />,
    why: <Why item={item} />,
  };
  return (
    <tr data-audit={item.seq}>
      {COLUMNS.map(column => (
        <td key={column} className={`${classes.cell} ${classes[column]}`}>
          {cells[column]}
        </td>
      ))}
    </tr>
  );
}
