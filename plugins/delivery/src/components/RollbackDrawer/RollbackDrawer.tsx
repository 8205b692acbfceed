import { useEntity } from '@backstage/plugin-catalog-react';
import { plainText } from '../../format/plainText';
import { useMyActs } from '../../hooks/useMyActs';
import { useRollbackChoice, useRollbackOptions } from '../../hooks/useRollback';
import { useT } from '../../translation/deliveryTranslationRef';
import { Drawer, Message, Skeleton, WarningIcon } from '../../ui';
import { errorSentence, ErrorState } from '../states';
import { Ago } from '../Time';
import { RollbackForm } from './RollbackForm';
import { useRollbackStyles } from './rollbackStyles';

function Waiting() {
  const classes = useRollbackStyles();
  const t = useT();
  return (
    <div
      className={classes.root}
      role="status"
      aria-label={t('rollback.loading')}
    >
      <Skeleton width="60%" height={20} />
      <Skeleton height={56} />
      {[1, 2, 3].map(row => (
        <Skeleton key={row} height={72} />
      ))}
    </div>
  );
}

function Opened(props: {
  entityRef: string;
  environment: string;
  wanted: string | undefined;
  onClose: () => void;
}) {
  const classes = useRollbackStyles();
  const t = useT();
  const { entity } = useEntity();
  const { entityRef, environment } = props;
  const query = useRollbackOptions(entityRef, environment);
  const { data, error } = query;
  const { data: acts } = useMyActs(entityRef);
  const body = () => {
    if (!data) {
      return error ? (
        <ErrorState
          error={error}
          onRetry={() => query.refetch()}
          entity={entity}
        />
      ) : (
        <Waiting />
      );
    }
    return (
      <div className={classes.root}>
        {error && (
          <Message role="status" tone="warning" icon={<WarningIcon />}>
            {t('rollback.notFresh', { message: errorSentence(error) })}
          </Message>
        )}
        <RollbackForm
          options={data}
          repositoryUrl={acts?.repositoryUrl}
          wanted={props.wanted}
        />
      </div>
    );
  };
  return (
    <Drawer
      open
      onClose={props.onClose}
      closeLabel={t('rollback.close')}
      title={t('rollback.title', { environment: plainText(environment) })}
      subtitle={data && t('rollback.asOf', { when: <Ago at={data.asOf} /> })}
    >
      {body()}
    </Drawer>
  );
}

/** What an environment can go back to, and the rollback itself; open while the address names an environment. */
export function RollbackDrawer(props: { entityRef: string }) {
  const { environment, target, close } = useRollbackChoice();
  if (environment === undefined) return null;
  return (
    <Opened
      // Another target begins anew: a reason written for one must not go with the other.
      key={`${environment} ${target ?? ''}`}
      entityRef={props.entityRef}
      environment={environment}
      wanted={target}
      onClose={close}
    />
  );
}
