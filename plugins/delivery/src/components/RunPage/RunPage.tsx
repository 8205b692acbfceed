import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import type { Entity } from '@backstage/catalog-model';
import { useEffect, useMemo, useState } from 'react';
import { useLocation, useParams } from 'react-router-dom';
import { isFilling, useLive } from '../../hooks/useLive';
import { useRun } from '../../hooks/useRun';
import { useUrlState } from '../../hooks/useUrlState';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Action,
  lineColor,
  makeStyles,
  Message,
  secondaryText,
  WarningIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import { ProblemBanner } from '../DeliveryContent/ProblemBanner';
import type { FromState } from '../RunsPanel/RunRow';
import { errorSentence, ErrorState } from '../states';
import { isMoving } from '../StatusBadge';
import { GraphPanel } from './GraphPanel';
import { LogPanel } from './LogPanel';
import { MatrixLegs } from './MatrixLegs';
import { mostTelling } from './nodeView';
import { RunHeader } from './RunHeader';
import { RunSkeleton } from './RunSkeleton';
import { SidePanels } from './SidePanels';
import { StepsPanel } from './StepsPanel';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1.5),
      minWidth: 0,
    },
    choose: {
      margin: 0,
      padding: theme.spacing(1.5, 2),
      border: `1px dashed ${lineColor(theme)}`,
      borderRadius: 8,
      textAlign: 'center',
      ...theme.typography.body2,
      fontSize: '0.8125rem',
      color: secondaryText(theme),
    },
    frame: { containerType: 'inline-size' },
    job: {
      display: 'grid',
      gridTemplateColumns: 'minmax(240px, 1fr) minmax(0, 2.6fr)',
      gap: theme.spacing(1.5),
      alignItems: 'start',
      '@container (max-width: 820px)': {
        gridTemplateColumns: 'minmax(0, 1fr)',
      },
    },
  }),
  { name: 'DeliveryRunPage' },
);

/** The service somebody came from, so that a refusal can name its owner. */
function useFromEntity(from: FromState | undefined, wanted: boolean) {
  const catalog = useApi(catalogApiRef);
  const [entity, setEntity] = useState<Entity>();
  const ref = wanted ? from?.entityRef : undefined;
  useEffect(() => {
    if (ref === undefined) return undefined;
    let current = true;
    catalog.getEntityByRef(ref).then(
      found => current && setEntity(found),
      // Only the owner's name is missing then; the refusal itself is already on the page.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [catalog, ref]);
  return entity;
}

/** One run: attempts, job graph, steps and log of the chosen job, and what it left behind. */
export function RunPage() {
  const { id = '' } = useParams();
  const location = useLocation();
  const from = (location.state ?? undefined) as FromState | undefined;
  const classes = useStyles();
  const t = useT();
  const { get, set } = useUrlState();
  const wantedAttempt = Number(get('attempt')) || undefined;
  const asked = get('job');

  const query = useRun(id, wantedAttempt);
  const { data, error } = query;
  const live = useLive({
    signalKey: data?.signalKey,
    moving: isMoving(data?.run),
    filling: data !== undefined && isFilling(data.ingestion),
    refetch: query.refetch,
  });
  const entity = useFromEntity(from, error !== null);

  const job = useMemo(() => {
    if (!data) return undefined;
    const chosen = data.jobs.find(candidate => candidate.id === asked);
    if (chosen) return chosen;
    const telling = mostTelling(data.jobs);
    // Nothing stands out in a run that went well: let the reader choose.
    return telling?.conclusion === 'success' ? undefined : telling;
  }, [data, asked]);

  if (error && !data) {
    return <ErrorState error={error} onRetry={query.refetch} entity={entity} />;
  }
  if (!data) return <RunSkeleton />;

  const choose = (chosen: string) => set({ job: chosen });
  const newest = data.run.attempt;
  return (
    <div className={classes.root} data-testid="delivery-run">
      <RunHeader
        detail={data}
        from={from}
        live={live}
        onAttempt={attempt =>
          set({
            attempt: attempt === newest ? undefined : `${attempt}`,
            // Jobs have other ids in another attempt.
            job: undefined,
          })
        }
      />
      {error && (
        <Message role="status" tone="warning" icon={<WarningIcon />}>
          {t('runs.notFresh', { message: errorSentence(error) })}
        </Message>
      )}
      <ProblemBanner ingestion={data.ingestion} asOf={data.asOf} />
      {data.attempt !== newest && (
        <Message
          role="status"
          tone="neutral"
          icon={<WarningIcon />}
          actions={
            <Action onClick={() => set({ attempt: undefined, job: undefined })}>
              {t('runs.attempt', { n: `${newest}` })}
            </Action>
          }
        >
          {t('run.oldAttempt', {
            n: `${data.attempt}`,
            latest: `${newest}`,
          })}
        </Message>
      )}
      <GraphPanel
        detail={data}
        chosen={job?.id}
        onChoose={choose}
        busy={query.isPlaceholderData}
      />
      {job ? (
        <>
          <MatrixLegs detail={data} job={job} onChoose={choose} />
          <div className={classes.frame}>
            <div className={classes.job}>
              <StepsPanel job={job} />
              <LogPanel
                run={id}
                job={job}
                capable={data.capabilities.log}
                asked={job.id === asked}
                onAsk={() => choose(job.id)}
                entity={entity}
              />
            </div>
          </div>
        </>
      ) : (
        data.jobs.length > 0 && (
          <p className={classes.choose}>{t('graph.choose')}</p>
        )
      )}
      <SidePanels detail={data} />
    </div>
  );
}
