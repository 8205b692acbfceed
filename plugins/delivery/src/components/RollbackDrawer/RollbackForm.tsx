import type { RollbackOptions } from 'backstage-plugin-delivery-common';
import { useId, useState } from 'react';
import { cutText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Action,
  InfoIcon,
  Message,
  RollbackIcon,
  TextArea,
  WarningIcon,
} from '../../ui';
import { StaleMessage } from '../ApprovalDrawer/decisionMessages';
import { CommitMark } from '../EnvironmentState';
import { OperationProgress } from '../Operation';
import { ActProblemMessage, vendorOf } from '../RunActs';
import { EmptyState } from '../states';
import { EmergencyDialog } from './EmergencyDialog';
import { useRollbackStyles } from './rollbackStyles';
import { TargetList } from './TargetList';
import { useRollbackForm } from './useRollbackForm';
import { whyNotRollback } from './whyNotRollback';

const MOST = 800;

function RunningNow(props: { options: RollbackOptions }) {
  const classes = useRollbackStyles();
  const t = useT();
  const { running } = props.options;
  const definition = cutText(running?.taskDefinition ?? '', 120);
  return (
    <div className={classes.bar}>
      <b>{t('rollback.running')}</b>
      {running ? (
        <>
          <CommitMark commit={running.commit} />
          <bdi className={classes.title}>
            {cutText(running.commit.title ?? '', 200)}
          </bdi>
          {definition && <bdi className={classes.side}>{definition}</bdi>}
        </>
      ) : (
        <span>{t('rollback.runningUnknown')}</span>
      )}
    </div>
  );
}

/** What somebody rolls back with: what runs, how it goes back, to what, and why. */
export function RollbackForm(props: {
  options: RollbackOptions;
  repositoryUrl: string | undefined;
  /** Deployment the person came with. */
  wanted: string | undefined;
}) {
  const classes = useRollbackStyles();
  const t = useT();
  const whyId = useId();
  const [asking, setAsking] = useState(false);
  const { options, repositoryUrl, wanted } = props;
  const form = useRollbackForm(options, { repositoryUrl, wanted });
  const { act, target } = form;
  const host = vendorOf(repositoryUrl, t);
  const why = whyNotRollback(
    {
      options,
      host,
      phase: act.phase,
      operation: form.begun,
      stale: form.stale,
      hasTarget: target !== undefined,
      comment: form.comment,
    },
    t,
  );
  const message = cutText(options.message, 600);
  const refused = options.way === 'refused' || options.way === 'unknown';
  const isGone =
    wanted !== undefined &&
    !options.targets.some(({ deploymentId }) => deploymentId === wanted);
  return (
    <div className={classes.root}>
      <RunningNow options={options} />
      <Message
        tone={refused ? 'warning' : 'neutral'}
        icon={refused ? <WarningIcon /> : <InfoIcon />}
        title={t(`rollback.way.${options.way}`)}
      >
        <div dir="auto">{message}</div>
      </Message>
      {isGone && !form.over && (
        <Message role="status" tone="warning" icon={<WarningIcon />}>
          {t('rollback.gone')}
        </Message>
      )}
      {options.targets.length === 0 ? (
        <EmptyState
          title={t('rollback.noTargets')}
          help={t('rollback.noTargetsHelp')}
        />
      ) : (
        !form.over && (
          <>
            <TargetList
              targets={options.targets}
              chosen={target?.deploymentId}
              disabled={act.phase !== 'idle' || form.begun === 'running'}
              onChoose={form.choose}
            />
            <Message
              tone="warning"
              icon={<WarningIcon />}
              title={t('rollback.database')}
            >
              {t('rollback.databaseHelp')}
            </Message>
            <TextArea
              label={t('rollback.reason')}
              help={t('rollback.reasonHelp')}
              required
              rows={2}
              value={form.comment}
              onChange={form.setComment}
              maxLength={MOST}
              disabled={act.phase !== 'idle' || form.begun === 'running'}
            />
            {form.stale && (
              <StaleMessage
                said={form.saidStale}
                changed={[]}
                onLooked={form.looked}
              />
            )}
            {act.problem && act.problem.kind !== 'stale' && (
              <ActProblemMessage problem={act.problem} />
            )}
            {form.needsToken && (
              <Message role="status" tone="neutral" icon={<InfoIcon />}>
                {t('rollback.tokenNext')}
              </Message>
            )}
            <div className={classes.buttons}>
              {options.emergency.allowed && (
                <Action
                  kind="danger"
                  reason={why.emergency}
                  onClick={() => setAsking(true)}
                >
                  {t('rollback.emergency')}
                </Action>
              )}
              <Action
                kind="primary"
                icon={<RollbackIcon fontSize="small" />}
                reason={why.normal}
                describedBy={why.normal === undefined ? undefined : whyId}
                onClick={() => form.rollBack('normal')}
              >
                {t('rollback.confirm')}
              </Action>
            </div>
            <p
              id={whyId}
              className={why.normal ? classes.text : classes.side}
              role="status"
              dir="auto"
            >
              {why.normal ??
                (options.way === 'pipeline'
                  ? t('rollback.signIn', { host })
                  : '')}
            </p>
          </>
        )
      )}
      {act.operationId !== undefined && (
        <OperationProgress operationId={act.operationId} onEnd={act.news} />
      )}
      <EmergencyDialog
        open={asking}
        environment={options.environment}
        target={target}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          form.rollBack('emergency');
        }}
      />
    </div>
  );
}
