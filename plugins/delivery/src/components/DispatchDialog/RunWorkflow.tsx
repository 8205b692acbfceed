import { useEntity } from '@backstage/plugin-catalog-react';
import type { DispatchOptions, MyActs } from 'backstage-plugin-delivery-common';
import { useState } from 'react';
import { useDispatch, useDispatchOptions } from '../../hooks/useDispatch';
import { useMyActs } from '../../hooks/useMyActs';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { Action, makeStyles, Skeleton, StartIcon } from '../../ui';
import { ActDialog, canActHere, whyNotYou } from '../RunActs';
import { CopyAction, EmptyState, ErrorState } from '../states';
import { DispatchFields } from './DispatchFields';
import { whatIsMissing, wishOf } from './dispatchForm';
import type { DispatchForm, Pipeline } from './dispatchForm';

const useStyles = makeStyles(
  theme => ({
    wait: { display: 'grid', gap: theme.spacing(1.5) },
    line: { fontFamily: 'monospace' },
    row: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      justifyContent: 'flex-end',
      gap: theme.spacing(1),
    },
    reason: { ...theme.typography.body2, maxWidth: 420 },
  }),
  { name: 'DeliveryRunWorkflow' },
);

const LINE = 'workflow_dispatch:';

function Waiting() {
  const classes = useStyles();
  const t = useT();
  return (
    <div
      className={classes.wait}
      role="status"
      aria-label={t('dispatch.loading')}
    >
      <Skeleton height={36} />
      <Skeleton height={36} width="80%" />
      <Skeleton height={72} />
    </div>
  );
}

function None() {
  const classes = useStyles();
  const t = useT();
  return (
    <EmptyState
      title={t('dispatch.emptyTitle')}
      help={
        <>
          {t('dispatch.emptyHelp')} <code className={classes.line}>{LINE}</code>
        </>
      }
      action={
        <CopyAction
          text={LINE}
          label={t('missing.copy')}
          done={t('missing.copied')}
        />
      }
    />
  );
}

function chosenOf(
  options: DispatchOptions | undefined,
  form: DispatchForm | undefined,
): Pipeline | undefined {
  return (
    options?.pipelines.find(({ id }) => id === form?.pipeline) ??
    options?.pipelines[0]
  );
}

function DispatchDialog(props: {
  entityRef: string;
  acts: MyActs;
  open: boolean;
  onClose: (over: boolean) => void;
}) {
  const t = useT();
  const { entity } = useEntity();
  const { acts, entityRef } = props;
  const query = useDispatchOptions(entityRef, true);
  const { data, error } = query;
  const { act, send } = useDispatch(entityRef, acts.repositoryUrl);
  const [touched, setForm] = useState<DispatchForm>();
  const pipeline = chosenOf(data, touched);
  const form: DispatchForm = touched ?? {
    pipeline: pipeline?.id ?? '',
    ref: data?.defaultBranch ?? '',
    values: {},
  };
  const body = () => {
    if (data && pipeline) {
      return (
        <DispatchFields
          options={data}
          pipeline={pipeline}
          form={form}
          onChange={setForm}
        />
      );
    }
    if (data) return <None />;
    return error ? (
      <ErrorState
        error={error}
        onRetry={() => query.refetch()}
        entity={entity}
      />
    ) : (
      <Waiting />
    );
  };
  return (
    <ActDialog
      open={props.open}
      title={t('dispatch.title')}
      confirm={t('acts.confirm.dispatch')}
      act={act}
      repositoryUrl={acts.repositoryUrl}
      mayBreak={acts.breakGlass.allowed}
      idle={!pipeline}
      reason={pipeline && whatIsMissing(form, pipeline, t)}
      onConfirm={said =>
        pipeline && send({ ...wishOf(form, pipeline), ...said })
      }
      onClose={props.onClose}
    >
      {body()}
    </ActDialog>
  );
}

/** Starts a workflow of the service by hand. Whether the reader may is asked when they want to: the tab itself is one request. */
export function RunWorkflow(props: { entityRef: string }) {
  const classes = useStyles();
  const t = useT();
  const [shown, setShown] = useState<'open' | 'hidden'>();
  const { data: acts } = useMyActs(shown ? props.entityRef : undefined);
  const reason =
    acts && (whyNotYou(acts, 'dispatch', t) ?? unsupported(acts, t));
  return (
    <div className={classes.row}>
      {reason !== undefined && (
        <span role="status" className={classes.reason}>
          {reason}
        </span>
      )}
      <Action
        icon={<StartIcon fontSize="small" />}
        reason={reason}
        onClick={() => setShown('open')}
      >
        {shown === 'hidden' ? t('acts.show') : t('acts.dispatch')}
      </Action>
      {shown && acts && reason === undefined && (
        <DispatchDialog
          entityRef={props.entityRef}
          acts={acts}
          open={shown === 'open'}
          onClose={over => setShown(over ? undefined : 'hidden')}
        />
      )}
    </div>
  );
}

function unsupported(acts: MyActs, t: T): string | undefined {
  return canActHere(acts) ? undefined : t('acts.notYou');
}
