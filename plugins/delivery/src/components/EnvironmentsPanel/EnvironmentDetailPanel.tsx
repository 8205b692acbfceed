import { useEntity } from '@backstage/plugin-catalog-react';
import type { Environment } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { hostLabel, safeUrl } from '../../format/safeUrl';
import { useEnvironment } from '../../hooks/useEnvironment';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Action,
  ExternalIcon,
  makeStyles,
  Message,
  Panel,
  Skeleton,
  WarningIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import { DangerZone } from '../RollbackDrawer';
import { errorSentence, ErrorState } from '../states';
import { Ago } from '../Time';
import { DriftMessage } from './DriftMessage';
import { HealthSection } from './HealthSection';
import { HistorySection } from './HistorySection';
import { LastChangeSection } from './LastChangeSection';
import { RolloutSection } from './RolloutSection';
import { VersionSection } from './VersionSection';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { display: 'grid', gap: theme.spacing(3), minWidth: 0 },
    notices: { display: 'grid', gap: theme.spacing(1) },
    columns: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(280px, 100%), 1fr))',
      gap: theme.spacing(3),
      alignItems: 'start',
    },
    boundaries: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(110px, 1fr))',
      gap: theme.spacing(1),
    },
  }),
  { name: 'DeliveryEnvironmentDetail' },
);

/** The chosen environment: version, health, rollout, last change and everything that happened there. */
export function EnvironmentDetailPanel(props: {
  entityRef: string;
  /** As the list tells it; shown until the environment itself is read, and when that is older. */
  environment: Environment;
  listedAt: number;
}) {
  const classes = useStyles();
  const t = useT();
  const { entity } = useEntity();
  const query = useEnvironment(props.entityRef, props.environment.name);
  const { data, error } = query;
  const environment =
    data && data.asOf >= props.listedAt ? data.environment : props.environment;
  const name = plainText(environment.name);
  const url = safeUrl(environment.runtime?.url);
  const drifts = environment.drift.filter(({ kind }) => kind !== 'version_lag');
  const notices = environment.problem || drifts.length > 0 || (data && error);
  const observed = environment.basis === 'observed' || environment.runtime;
  return (
    <Panel
      title={<bdi>{name}</bdi>}
      busy={!data && !error}
      side={
        url && (
          <Action to={url} icon={<ExternalIcon fontSize="small" />}>
            {t('environment.openAt', { host: hostLabel(url) })}
          </Action>
        )
      }
    >
      <div className={classes.root}>
        {notices && (
          <div className={classes.notices}>
            {environment.problem && (
              <Message
                role="status"
                tone="warning"
                icon={<WarningIcon />}
                title={
                  environment.asOf === undefined
                    ? t('environments.neverRead')
                    : t('environments.lastGood', {
                        when: <Ago at={environment.asOf} />,
                      })
                }
              >
                <div dir="auto">{plainText(environment.problem.message)}</div>
              </Message>
            )}
            {data && error && (
              <Message role="status" tone="warning" icon={<WarningIcon />}>
                {t('environments.notFresh', { message: errorSentence(error) })}
              </Message>
            )}
            {drifts.map((drift, index) => (
              <DriftMessage key={`${index}-${drift.code}`} drift={drift} />
            ))}
          </div>
        )}
        <div className={classes.columns}>
          <VersionSection
            environment={environment}
            detail={data}
            loading={!data && !error}
          />
          <LastChangeSection environment={environment} />
          {environment.rollout && <RolloutSection environment={environment} />}
        </div>
        {error && !data && (
          <ErrorState
            error={error}
            onRetry={() => query.refetch()}
            entity={entity}
          />
        )}
        {!data && !error && (
          <div
            className={classes.boundaries}
            role="status"
            aria-label={t('environment.loading', { name })}
          >
            {[1, 2, 3, 4, 5].map(place => (
              <Skeleton key={place} height={76} />
            ))}
          </div>
        )}
        {data && (observed || data.chains.length > 0) && (
          <HealthSection environment={environment} detail={data} />
        )}
        <HistorySection
          entityRef={props.entityRef}
          environment={environment.name}
        />
        <DangerZone
          entityRef={props.entityRef}
          environment={environment.name}
        />
      </div>
    </Panel>
  );
}
