import { Link } from '@backstage/core-components';
import type { RunSummary } from 'backstage-plugin-delivery-common';
import type { MouseEvent, ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { plainText, shortSha } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import { useRunPath } from '../../hooks/useRunPath';
import { useT } from '../../translation/deliveryTranslationRef';
import { stateWord, StatusBadge } from '../StatusBadge';
import { Ago } from '../Time';
import { RunDuration } from './RunDuration';
import { StageStrip } from './StageStrip';
import { useTableStyles } from './tableStyles';

/** Where a run page leads back to. */
export interface FromState {
  from: string;
  entityRef: string;
}

/** One run of the list. The title is the link for keyboards; the row as a whole follows it for the mouse. */
export function RunRow(props: { run: RunSummary; entityRef: string }) {
  const { run, entityRef } = props;
  const classes = useTableStyles();
  const t = useT();
  const navigate = useNavigate();
  const location = useLocation();
  const path = useRunPath();

  const state: FromState = {
    from: location.pathname + location.search,
    entityRef,
  };
  const to = path?.(run.id) ?? safeUrl(run.url);
  const title = plainText(run.title) || t('runs.untitled');
  const waiting = run.waitingFor.map(plainText).join(', ');
  const held = run.status === 'waiting' && waiting !== '';
  const word = held
    ? t('runs.waitingFor', { environments: waiting })
    : stateWord(run, t);
  const branch = plainText(run.branch ?? '');
  const actor = plainText(run.actor ?? '');
  const attempt = t('runs.attempt', { n: `${run.attempt}` });
  const trigger = plainText(run.event);

  const follow = (event: MouseEvent) => {
    const onControl = (event.target as Element).closest('a, button');
    const selecting = window.getSelection()?.toString();
    if (onControl || selecting || !path) return;
    navigate(path(run.id), { state });
  };
  const cell = (own: string, content: ReactNode) => (
    <td className={`${classes.cell} ${own}`}>{content}</td>
  );
  const fact = (text: string, className?: string) => (
    <span className={className}>
      {' · '}
      <bdi>{text}</bdi>
    </span>
  );

  return (
    <tr
      className={`${classes.row} ${path ? classes.link : ''}`}
      onClick={follow}
      data-run={run.id}
    >
      {cell(
        classes.status,
        <>
          <StatusBadge state={run} />
          {held && (
            <span className={classes.side} title={word}>
              <bdi>{t('runs.forEnvironments', { environments: waiting })}</bdi>
            </span>
          )}
        </>,
      )}
      {cell(classes.number, t('runs.number', { n: `${run.runNumber}` }))}
      {cell(
        classes.change,
        <>
          {to ? (
            <Link
              to={to}
              state={state}
              className={classes.title}
              title={title}
              aria-label={`${t('runs.number', {
                n: `${run.runNumber}`,
              })} ${title}, ${word}`}
            >
              <bdi>{title}</bdi>
            </Link>
          ) : (
            <span className={classes.title}>
              <bdi>{title}</bdi>
            </span>
          )}
          <span className={classes.facts}>
            <span className={classes.foldedMore}>
              {t('runs.number', { n: `${run.runNumber}` })}{' '}
            </span>
            <span className={classes.sha}>{shortSha(run.sha)}</span>
            <span className={classes.foldedMost}>
              {' · '}
              <Ago at={run.startedAt ?? run.createdAt} />
            </span>
            {run.pullRequest !== undefined &&
              fact(t('runs.pullRequest', { n: `${run.pullRequest}` }))}
            {run.attempt > 1 && fact(attempt, classes.unfolded)}
          </span>
          <span className={classes.foldedLine}>
            <bdi>
              {[actor, run.attempt > 1 ? attempt : '', branch]
                .filter(Boolean)
                .join(' · ')}
            </bdi>
          </span>
        </>,
      )}
      {cell(
        classes.branch,
        <>
          <bdi title={branch}>{branch}</bdi>
          <span className={classes.under}>
            <bdi>{[trigger, actor].filter(Boolean).join(' · ')}</bdi>
          </span>
        </>,
      )}
      {cell(
        classes.actor,
        <>
          <bdi title={actor}>{actor}</bdi>
          <span className={classes.side}>{trigger}</span>
        </>,
      )}
      {cell(
        classes.stages,
        <StageStrip runNumber={run.runNumber} stages={run.stages} />,
      )}
      {cell(classes.duration, <RunDuration run={run} />)}
      {cell(classes.started, <Ago at={run.startedAt ?? run.createdAt} />)}
    </tr>
  );
}
