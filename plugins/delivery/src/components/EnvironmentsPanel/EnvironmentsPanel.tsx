import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
import type { Environment } from 'backstage-plugin-delivery-common';
import { useId } from 'react';
import { formatAgo } from '../../format/duration';
import { plainText } from '../../format/plainText';
import { useEnvironmentChoice } from '../../hooks/useEnvironmentChoice';
import {
  useEnvironments,
  useRefreshEnvironments,
} from '../../hooks/useEnvironments';
import { useLive } from '../../hooks/useLive';
import { useNow } from '../../hooks/useNow';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  InfoIcon,
  makeStyles,
  Message,
  Panel,
  secondaryText,
  WarningIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import { CompareDrawer } from '../CompareDrawer/CompareDrawer';
import { isEnvironmentMoving } from '../EnvironmentState';
import { RollbackDrawer } from '../RollbackDrawer';
import { errorSentence, ErrorState, MissingAnnotation } from '../states';
import { EnvironmentCanvas } from './EnvironmentCanvas';
import { EnvironmentDetailPanel } from './EnvironmentDetailPanel';
import { EnvironmentsSkeleton } from './EnvironmentsSkeleton';
import { NoEnvironments } from './NoEnvironments';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { display: 'grid', gap: theme.spacing(1.5), minWidth: 0 },
    gap: { marginBottom: theme.spacing(1.5) },
    asOf: {
      fontSize: '0.75rem',
      color: secondaryText(theme),
      fontVariantNumeric: 'tabular-nums',
    },
  }),
  { name: 'DeliveryEnvironmentsPanel' },
);

/** @public */
export interface EnvironmentsPanelProps {
  /** Title of the panel; the plugin's own word when absent. */
  title?: string;
}

function AsOf(props: { at: number; live: boolean }) {
  const classes = useStyles();
  const t = useT();
  const now = useNow();
  const when = formatAgo(Math.min(props.at, now), now, t);
  return (
    <span className={classes.asOf}>
      {props.live
        ? t('ingestion.live', { when })
        : t('ingestion.asOf', { when })}
    </span>
  );
}

/** The one to show before anybody chooses: nearest to production of those that run something. It does not jump while things move. */
export function firstChoice(
  environments: readonly Environment[],
): Environment | undefined {
  return (
    [...environments].reverse().find(({ basis }) => basis !== 'none') ??
    environments[0]
  );
}

/**
 * Environments of the service in context on the way to production, and one of them in full.
 * @public
 */
export function EnvironmentsPanel(props: EnvironmentsPanelProps) {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const available = isDeliveryAvailable(entity);
  const classes = useStyles();
  const t = useT();
  const id = useId();
  const { chosen: asked, pair, choose, compare } = useEnvironmentChoice();
  const query = useEnvironments(entityRef, { enabled: available });
  const refresh = useRefreshEnvironments(entityRef);
  const { data, error } = query;
  const live = useLive({
    signalKey: query.isPlaceholderData ? undefined : data?.signalKey,
    moving: data?.items.some(isEnvironmentMoving) ?? false,
    refetch: refresh,
  });
  const title = props.title ?? t('environments.title');

  if (!available) return <MissingAnnotation />;
  if (!data) {
    return error ? (
      <Panel title={title}>
        <ErrorState
          error={error}
          onRetry={() => query.refetch()}
          entity={entity}
        />
      </Panel>
    ) : (
      <EnvironmentsSkeleton title={title} />
    );
  }
  const chosen =
    data.items.find(({ name }) => name === asked) ?? firstChoice(data.items);
  return (
    <div className={classes.root} data-testid="delivery-environments">
      <Panel title={title} side={<AsOf at={data.asOf} live={live} />}>
        {error && (
          <div className={classes.gap}>
            <Message role="status" tone="warning" icon={<WarningIcon />}>
              {t('environments.notFresh', { message: errorSentence(error) })}
            </Message>
          </div>
        )}
        {data.items.length === 0 ? (
          <NoEnvironments notes={data.notes} />
        ) : (
          <>
            {data.notes.length > 0 && (
              <div className={classes.gap}>
                <Message tone="neutral" icon={<InfoIcon />}>
                  {data.notes.map((note, index) => (
                    <div key={`${index}-${note.code}`} dir="auto">
                      {plainText(note.message)}
                    </div>
                  ))}
                </Message>
              </div>
            )}
            <EnvironmentCanvas
              environments={data.items}
              chosen={chosen?.name}
              controls={id}
              onChoose={choose}
              onCompare={compare}
            />
          </>
        )}
      </Panel>
      <div id={id}>
        {chosen && (
          <EnvironmentDetailPanel
            key={chosen.name}
            entityRef={entityRef}
            environment={chosen}
            listedAt={data.asOf}
          />
        )}
      </div>
      <CompareDrawer
        entityRef={entityRef}
        pair={pair}
        onClose={() => compare(undefined)}
        onPair={compare}
      />
      <RollbackDrawer entityRef={entityRef} />
    </div>
  );
}
