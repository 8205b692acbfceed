import { useEntity } from '@backstage/plugin-catalog-react';
import type { DispatchOptions, MyActs } from 'backstage-plugin-delivery-common';
import { useState } from 'react';
import { useDispatch, useDispatchOptions } from '../../hooks/useDispatch';
import { useMyActs } from '../../hooks/useMyActs';
import { useT } from '../../translation/deliveryTranslationRef';
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

/** Starts a workflow of the service by hand. Absent where nothing can be done from here. */
export function RunWorkflow(props: { entityRef: string }) {
  const t = useT();
  const { data: acts } = useMyActs(props.entityRef);
  const [shown, setShown] = useState<'open' | 'hidden'>();
  if (!canActHere(acts)) return null;
  return (
    <>
      <Action
        icon={<StartIcon fontSize="small" />}
        reason={whyNotYou(acts, 'dispatch', t)}
        onClick={() => setShown('open')}
      >
        {shown === 'hidden' ? t('acts.show') : t('acts.dispatch')}
      </Action>
      {shown && (
        <DispatchDialog
          entityRef={props.entityRef}
          acts={acts}
          open={shown === 'open'}
          onClose={over => setShown(over ? undefined : 'hidden')}
        />
      )}
    </>
  );
}
