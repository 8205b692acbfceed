import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { RunDetail } from 'backstage-plugin-delivery-common';
import type { ReactNode } from 'react';
import { formatDuration } from '../../format/duration';
import { plainText, shortSha } from '../../format/plainText';
import { hostLabel, safeUrl } from '../../format/safeUrl';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import {
  Action,
  ExternalIcon,
  makeStyles,
  secondaryText,
  SelectField,
} from '../../ui';
import type { Theme } from '../../ui';
import { IngestionNote } from '../DeliveryContent/IngestionNote';
import type { FromState } from '../RunsPanel/RunRow';
import { isMoving, stateWord, StatusBadge } from '../StatusBadge';
import { Ago, Elapsed, TimeLeft } from '../Time';

const useStyles = makeStyles<Theme>(
  theme => ({
    crumbs: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: 6,
      margin: 0,
      padding: 0,
      listStyle: 'none',
      fontSize: '0.75rem',
      color: secondaryText(theme),
      '& li + li::before': { content: '"/"', paddingRight: 6 },
    },
    line: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0.5, 1.5),
    },
    title: {
      ...theme.typography.h5,
      fontSize: '1.25rem',
      fontWeight: 700,
      margin: 0,
      minWidth: 0,
      color: theme.palette.text.primary,
      overflowWrap: 'anywhere',
      display: '-webkit-box',
      '-webkit-line-clamp': 3,
      '-webkit-box-orient': 'vertical',
      overflow: 'hidden',
    },
    side: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
      marginLeft: 'auto',
    },
    facts: {
      display: 'flex',
      flexWrap: 'wrap',
      columnGap: 6,
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: secondaryText(theme),
      overflowWrap: 'anywhere',
      '& bdi': {
        display: 'inline-block',
        maxWidth: 360,
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        whiteSpace: 'nowrap',
        verticalAlign: 'bottom',
      },
      '& > span + span::before': { content: '"·"', paddingRight: 6 },
    },
    sha: { fontFamily: 'monospace' },
    progress: { width: 180 },
  }),
  { name: 'DeliveryRunHeader' },
);

/** How long the shown attempt took, or has taken so far; undefined when nobody knows. */
function tookOf(detail: RunDetail, t: T): ReactNode {
  const { run, attempts, attempt } = detail;
  const shown = attempts.find(a => a.attempt === attempt);
  const from = shown?.startedAt ?? run.startedAt;
  if (from === undefined) return undefined;
  if (isMoving(shown ?? run)) {
    return t('runs.soFar', { duration: <Elapsed from={from} /> });
  }
  const newest = attempt === run.attempt;
  const took =
    newest && run.durationMs !== undefined
      ? run.durationMs
      : shown?.completedAt && shown.completedAt - from;
  return took === undefined
    ? undefined
    : t('run.took', { duration: formatDuration(took, t) });
}

/** Top of a run page: where it belongs, what it is, how it stands. */
export function RunHeader(props: {
  detail: RunDetail;
  from: FromState | undefined;
  live: boolean;
  onAttempt: (attempt: number) => void;
}) {
  const classes = useStyles();
  const t = useT();
  const { detail, from } = props;
  const { run, attempts, attempt, services } = detail;
  const shown = attempts.find(a => a.attempt === attempt) ?? run;
  const newest = attempt === run.attempt;
  const service =
    from && services.includes(from.entityRef) ? from.entityRef : services[0];
  const url = safeUrl(run.url);
  const number = `${run.runNumber}`;
  const waiting = run.waitingFor.map(plainText).join(', ');
  const held = newest && run.status === 'waiting' && waiting !== '';

  const facts: [string, ReactNode][] = [
    ['pipeline', <bdi>{plainText(run.pipeline.name)}</bdi>],
    [
      'sha',
      <>
        <span className={classes.sha} title={run.sha}>
          {shortSha(run.sha)}
        </span>{' '}
        {run.branch && (
          <bdi>{t('run.on', { branch: plainText(run.branch) })}</bdi>
        )}
      </>,
    ],
  ];
  if (run.pullRequest !== undefined) {
    facts.push(['pr', t('runs.pullRequest', { n: `${run.pullRequest}` })]);
  }
  facts.push([
    'event',
    <bdi>
      {run.actor
        ? t('run.by', {
            event: plainText(run.event),
            actor: plainText(run.actor),
          })
        : t('run.event', { event: plainText(run.event) })}
    </bdi>,
  ]);
  const again = attempt > 1 ? attempts.find(a => a.attempt === attempt) : null;
  if (again?.triggeringActor) {
    facts.push([
      'again',
      <bdi>
        {t('run.rerunBy', { actor: plainText(again.triggeringActor) })}
      </bdi>,
    ]);
  }
  const started =
    attempts.find(a => a.attempt === attempt)?.startedAt ??
    run.startedAt ??
    run.createdAt;
  facts.push(['started', t('run.started', { when: <Ago at={started} /> })]);
  const took = tookOf(detail, t);
  if (took !== undefined) facts.push(['took', took]);

  return (
    <header>
      <nav aria-label={t('run.breadcrumb')}>
        <ol className={classes.crumbs}>
          {service && (
            <li>
              <EntityRefLink entityRef={service} />
            </li>
          )}
          {from && (
            <li>
              <Link to={from.from}>{t('run.runs')}</Link>
            </li>
          )}
          <li aria-current="page">{t('runs.number', { n: number })}</li>
        </ol>
      </nav>
      <div className={classes.line}>
        <h2 className={classes.title} dir="auto">
          {t('run.title', {
            n: number,
            title: plainText(run.title) || t('runs.untitled'),
          })}
        </h2>
        <StatusBadge
          state={shown}
          word={
            held ? t('runs.waitingFor', { environments: waiting }) : undefined
          }
        />
        {newest &&
          run.status === 'in_progress' &&
          run.startedAt !== undefined &&
          run.expectedAt !== undefined && (
            <div className={classes.progress}>
              <TimeLeft
                startedAt={run.startedAt}
                expectedAt={run.expectedAt}
                label={t('runs.progress', { n: number })}
              />
            </div>
          )}
        <div className={classes.side}>
          {attempts.length > 1 && (
            <SelectField
              label={t('run.attempts')}
              value={`${attempt}`}
              options={[...attempts].reverse().map(a => ({
                value: `${a.attempt}`,
                label: t('run.attemptOption', {
                  n: `${a.attempt}`,
                  total: `${run.attempt}`,
                  state: stateWord(a, t),
                }),
              }))}
              onChange={value => props.onAttempt(Number(value))}
            />
          )}
          {url && (
            <Action to={url} icon={<ExternalIcon fontSize="small" />}>
              {t('run.openAt', { host: hostLabel(url) })}
            </Action>
          )}
        </div>
      </div>
      <div className={classes.line}>
        <div className={classes.facts}>
          {facts.map(([key, fact]) => (
            <span key={key}>{fact}</span>
          ))}
        </div>
        <div className={classes.side}>
          <IngestionNote
            ingestion={detail.ingestion}
            asOf={detail.asOf}
            live={props.live}
          />
        </div>
      </div>
    </header>
  );
}
