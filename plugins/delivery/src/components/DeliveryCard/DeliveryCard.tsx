import { stringifyEntityRef } from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
import type {
  ApprovalSummary,
  RunSummary,
} from 'backstage-plugin-delivery-common';
import { useLocation } from 'react-router-dom';
import { cutText, plainText, shortSha } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import { approvalSearch } from '../../hooks/useChosenApproval';
import { isFilling, useLive } from '../../hooks/useLive';
import { useOverview } from '../../hooks/useOverview';
import { useRunPath } from '../../hooks/useRunPath';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Chip,
  GateIcon,
  lineColor,
  makeStyles,
  secondaryText,
  Skeleton,
} from '../../ui';
import type { Theme } from '../../ui';
import { DoraLine, lineParts } from '../DoraTiles';
import { isEnvironmentMoving } from '../EnvironmentState';
import { EnvironmentLinks } from '../EnvironmentStrip';
import type { FromState } from '../RunsPanel/RunRow';
import { RunDuration } from '../RunsPanel/RunDuration';
import { StageStrip } from '../RunsPanel/StageStrip';
import { ErrorState, MissingAnnotation } from '../states';
import { isMoving, StatusBadge } from '../StatusBadge';
import { Ago } from '../Time';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { display: 'grid', minWidth: 0 },
    item: {
      display: 'grid',
      gap: 6,
      minWidth: 0,
      minHeight: 62,
      padding: theme.spacing(1.5, 0),
      borderTop: `1px solid ${lineColor(theme)}`,
      '&:first-child': { borderTop: 'none', paddingTop: 0 },
    },
    waiting: { minHeight: 0 },
    head: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      justifyContent: 'space-between',
      gap: theme.spacing(0.5, 1),
    },
    label: {
      fontSize: '0.6875rem',
      fontWeight: 700,
      letterSpacing: '0.06em',
      textTransform: 'uppercase',
      color: secondaryText(theme),
    },
    line: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0.5, 1.5),
      minWidth: 0,
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
    },
    foot: {
      display: 'flex',
      alignItems: 'center',
      justifyContent: 'space-between',
      gap: theme.spacing(2),
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: theme.palette.text.primary,
      '& > :first-child': { flex: '0 1 140px' },
      '& > :last-child': { flex: 'none', textAlign: 'right', minWidth: 90 },
    },
    title: {
      minWidth: 0,
      maxWidth: '100%',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      fontWeight: 700,
    },
    facts: {
      minWidth: 0,
      maxWidth: '100%',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      fontSize: '0.75rem',
      color: secondaryText(theme),
    },
  }),
  { name: 'DeliveryCard' },
);

function Item(props: { label: string; run: RunSummary; entityRef: string }) {
  const { run, entityRef } = props;
  const classes = useStyles();
  const t = useT();
  const location = useLocation();
  const path = useRunPath();
  const to = path?.(run.id) ?? safeUrl(run.url);
  const state: FromState = { from: location.pathname, entityRef };
  const title = plainText(run.title) || t('runs.untitled');
  const text = t('run.title', { n: `${run.runNumber}`, title });
  const waiting = run.waitingFor.map(plainText).join(', ');
  return (
    <div className={classes.item}>
      <div className={classes.head}>
        <div className={classes.label}>{props.label}</div>
        <StatusBadge
          state={run}
          word={
            run.status === 'waiting' && waiting
              ? t('runs.waitingFor', { environments: waiting })
              : undefined
          }
        />
      </div>
      <div className={classes.line}>
        {to ? (
          <Link to={to} state={state} className={classes.title} title={text}>
            <bdi>{text}</bdi>
          </Link>
        ) : (
          <span className={classes.title}>
            <bdi>{text}</bdi>
          </span>
        )}
      </div>
      <div className={classes.line}>
        <span className={classes.facts}>
          <code>{shortSha(run.sha)}</code>
          {run.branch && ' · '}
          {run.branch && <bdi>{plainText(run.branch)}</bdi>}
          {' · '}
          <Ago at={run.startedAt ?? run.createdAt} />
        </span>
      </div>
      <div className={classes.foot}>
        <StageStrip runNumber={run.runNumber} stages={run.stages} />
        <RunDuration run={run} />
      </div>
    </div>
  );
}

/** One line for each thing that waits, with the way to decide. */
function Waiting(props: { approvals: ApprovalSummary[]; tabPath: string }) {
  const classes = useStyles();
  const t = useT();
  return (
    <div className={`${classes.item} ${classes.waiting}`}>
      {props.approvals.map(approval => (
        <div key={approval.id} className={classes.line}>
          <Chip
            tone="waiting"
            loud
            Icon={GateIcon}
            to={`${props.tabPath}${approvalSearch(approval.id)}`}
          >
            {t('approval.card', {
              environment: cutText(approval.environment, 60),
            })}
          </Chip>
          <span className={classes.facts}>
            {t('approval.cardRun', {
              sha: shortSha(approval.sha),
              n: `${approval.runNumber}`,
            })}
          </span>
        </div>
      ))}
    </div>
  );
}

/** The runs worth a place on the overview page, each once: a waiting one, a moving one, the last completed one. */
export function cardRuns(runs: RunSummary[]) {
  const waiting = runs.find(run => run.status === 'waiting');
  const moving = runs.find(run => run !== waiting && isMoving(run));
  const last = runs.find(run => !isMoving(run));
  return { waiting, moving, last };
}

/**
 * Card for the overview page of a service: what runs where, what waits, what runs, how the last run went.
 * @public
 */
export function DeliveryCard(props: {
  /** Address of the tab, relative to the page of the service. */
  tabPath?: string;
}) {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const available = isDeliveryAvailable(entity);
  const classes = useStyles();
  const t = useT();
  const overview = useOverview(entityRef, { enabled: available });
  const { data, error } = overview;
  const tabPath = props.tabPath ?? 'delivery';
  useLive({
    signalKey: data?.signalKey,
    moving:
      data !== undefined &&
      (data.runs.items.some(isMoving) ||
        data.environments.some(isEnvironmentMoving)),
    filling:
      data !== undefined &&
      isFilling(data.ingestion, data.repository !== undefined),
    refetch: overview.refetch,
  });

  const body = () => {
    if (!available) return <MissingAnnotation />;
    if (error && !data) {
      return (
        <ErrorState error={error} onRetry={overview.refetch} entity={entity} />
      );
    }
    if (!data) {
      return (
        <div className={classes.item} aria-busy>
          <Skeleton width={80} height={10} />
          <Skeleton width="70%" height={20} />
          <Skeleton width="50%" />
        </div>
      );
    }
    const { waiting, moving, last } = cardRuns(data.runs.items);
    const { approvals, dora, environments } = data;
    const hasDora = lineParts(dora, t).length > 0;
    const none = !waiting && !moving && !last;
    if (none && environments.length === 0 && approvals.length === 0) {
      return <span className={classes.facts}>{t('card.none')}</span>;
    }
    return (
      <>
        {approvals.length > 0 && (
          <Waiting approvals={approvals} tabPath={tabPath} />
        )}
        {environments.length > 0 && (
          <div className={classes.item}>
            <div className={classes.label}>{t('card.environments')}</div>
            <EnvironmentLinks environments={environments} tabPath={tabPath} />
          </div>
        )}
        {hasDora && (
          <div className={`${classes.item} ${classes.waiting}`}>
            <div className={classes.label}>
              {t('dora.line.label', { days: `${dora?.days ?? 0}` })}
            </div>
            <div className={classes.facts}>
              <DoraLine tiles={dora} tabPath={tabPath} />
            </div>
          </div>
        )}
        {none && <span className={classes.facts}>{t('card.none')}</span>}
        {waiting && (
          <Item label={t('card.waiting')} run={waiting} entityRef={entityRef} />
        )}
        {moving && (
          <Item label={t('card.moving')} run={moving} entityRef={entityRef} />
        )}
        {last && (
          <Item label={t('card.last')} run={last} entityRef={entityRef} />
        )}
      </>
    );
  };
  return (
    <EntityInfoCard
      title={t('card.title')}
      footerActions={available && <Link to={tabPath}>{t('card.open')}</Link>}
    >
      <div className={classes.root}>{body()}</div>
    </EntityInfoCard>
  );
}
