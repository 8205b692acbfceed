import type { RunDetail } from 'backstage-plugin-delivery-common';
import { useEffect, useState } from 'react';
import { shortSha } from '../../format/plainText';
import { useMyActs } from '../../hooks/useMyActs';
import { useOperation } from '../../hooks/useOperation';
import { RUN_ACTS, useRunActs } from '../../hooks/useRunActs';
import type { RunAct } from '../../hooks/useRunActs';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, makeStyles, RerunIcon, StopIcon } from '../../ui';
import { ActDialog } from './ActDialog';
import { DeploysTo } from './DeploysTo';
import { canActHere, environmentsOf, whyNotRun } from './whyNotRun';

const useStyles = makeStyles(
  theme => ({
    root: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
  }),
  { name: 'DeliveryRunActs' },
);

const ICONS = { rerun: RerunIcon, rerun_failed: RerunIcon, cancel: StopIcon };

/** What somebody began, or is about to. */
interface Asked {
  kind: RunAct;
  /** As it was when they asked: a newer attempt they have not seen. */
  attempt: number;
  open: boolean;
}

/** Buttons of a run: run again, run what failed again, cancel. Absent where nothing can be done from here. */
export function RunActs(props: {
  detail: RunDetail;
  /** The service the reader came from, or the first one. */
  service: string | undefined;
}) {
  const classes = useStyles();
  const t = useT();
  const { detail } = props;
  const { run } = detail;
  const { data: acts } = useMyActs(props.service);
  const { act, send } = useRunActs(run.id, acts?.repositoryUrl);
  const [asked, setAsked] = useState<Asked>();
  const hidden = asked !== undefined && !asked.open;
  // The dialog looks at it while it is open; closed, somebody has to.
  const { data: begun } = useOperation(hidden ? act.operationId : undefined);
  const done = hidden && begun?.state === 'succeeded';
  const { forget, news } = act;
  useEffect(() => {
    if (!done) return;
    setAsked(undefined);
    forget();
    news();
  }, [done, forget, news]);
  if (!canActHere(acts)) return null;

  const underWay = hidden && (!begun || begun.state === 'running');
  const number = `${run.runNumber}`;
  return (
    <div className={classes.root} role="group" aria-label={t('acts.group')}>
      {RUN_ACTS.map(kind => {
        const Icon = ICONS[kind];
        return (
          <Action
            key={kind}
            icon={<Icon fontSize="small" />}
            reason={
              underWay ? t('acts.underWay') : whyNotRun(kind, detail, acts, t)
            }
            onClick={() => {
              // How an earlier one failed must not stand in the dialog of this one.
              if (hidden) forget();
              setAsked({ kind, attempt: run.attempt, open: true });
            }}
          >
            {t(`acts.${kind}`)}
          </Action>
        );
      })}
      {hidden && (
        <Action onClick={() => setAsked({ ...asked, open: true })}>
          {t('acts.show')}
        </Action>
      )}
      {asked && (
        <ActDialog
          open={asked.open}
          title={t(`acts.title.${asked.kind}`, { n: number })}
          confirm={t(`acts.confirm.${asked.kind}`)}
          kind={asked.kind === 'cancel' ? 'danger' : 'primary'}
          act={act}
          repositoryUrl={acts.repositoryUrl}
          mayBreak={asked.kind !== 'cancel' && acts.breakGlass.allowed}
          onConfirm={said =>
            send({ kind: asked.kind, attempt: asked.attempt, ...said })
          }
          onClose={over => {
            setAsked(over ? undefined : { ...asked, open: false });
            if (over) act.forget();
          }}
        >
          <div>
            {t(`acts.what.${asked.kind}`, {
              sha: shortSha(run.sha),
              attempt: `${asked.attempt + 1}`,
            })}
          </div>
          {asked.kind !== 'cancel' && (
            <DeploysTo environments={environmentsOf(detail)} />
          )}
        </ActDialog>
      )}
    </div>
  );
}
