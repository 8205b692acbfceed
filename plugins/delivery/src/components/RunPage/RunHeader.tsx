import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { RunDetail } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { hostLabel, safeUrl } from '../../format/safeUrl';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Action,
  ExternalIcon,
  makeStyles,
  secondaryText,
  SelectField,
} from '../../ui';
import type { Theme } from '../../ui';
import { IngestionNote } from '../DeliveryContent/IngestionNote';
import { RunActs } from '../RunActs';
import type { FromState } from '../RunsPanel/RunRow';
import { stateWord, StatusBadge } from '../StatusBadge';
import { TimeLeft } from '../Time';
import { runFacts } from './runFacts';

/** Room the header itself has. */
const NARROW = '@container (max-width: 640px)';

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
    frame: { containerType: 'inline-size' },
    root: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr) auto',
      gridTemplateAreas: '"crumbs note" "title actions" "facts facts"',
      alignItems: 'center',
      gap: theme.spacing(0.5, 2),
      [NARROW]: {
        gridTemplateAreas:
          '"crumbs note" "title title" "facts facts" "actions actions"',
      },
    },
    note: { gridArea: 'note' },
    place: { gridArea: 'crumbs', minWidth: 0 },
    line: {
      gridArea: 'title',
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0.5, 1.5),
      minWidth: 0,
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
    actions: {
      gridArea: 'actions',
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
      paddingTop: theme.spacing(0.5),
    },
    attempt: { width: 168 },
    facts: {
      gridArea: 'facts',
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
      '& > span:not(:last-child)::after': { content: '"·"', paddingLeft: 6 },
    },
    sha: { fontFamily: 'monospace' },
    progress: { width: 150 },
  }),
  { name: 'DeliveryRunHeader' },
);

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

  const facts = runFacts(detail, t, classes.sha);

  return (
    <header className={classes.frame}>
      <div className={classes.root}>
        <nav className={classes.place} aria-label={t('run.breadcrumb')}>
          <ol className={classes.crumbs}>
            {service && (
              <li>
                <EntityRefLink entityRef={service} hideIcon />
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
        <div className={classes.note}>
          <IngestionNote
            ingestion={detail.ingestion}
            asOf={detail.asOf}
            live={props.live}
          />
        </div>
        <div className={classes.line}>
          <h2 className={classes.title} dir="auto">
            {t('run.title', {
              n: number,
              title: plainText(run.title) || t('runs.untitled'),
            })}
          </h2>
          <span data-testid="run-state">
            <StatusBadge
              state={shown}
              word={
                held
                  ? t('runs.waitingFor', { environments: waiting })
                  : undefined
              }
            />
          </span>
        </div>
        <div className={classes.facts}>
          {facts.map(([key, fact]) => (
            <span key={key}>{fact}</span>
          ))}
        </div>
        <div className={classes.actions}>
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
          {attempts.length > 1 && (
            <div className={classes.attempt}>
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
            </div>
          )}
          <RunActs key={run.id} detail={detail} service={service} />
          {url && (
            <Action to={url} icon={<ExternalIcon fontSize="small" />}>
              {t('run.openAt', { host: hostLabel(url) })}
            </Action>
          )}
        </div>
      </div>
    </header>
  );
}
