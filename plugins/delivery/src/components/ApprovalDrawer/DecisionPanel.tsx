import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import { useId, useState } from 'react';
import { cutText } from '../../format/plainText';
import { useApprovalNews } from '../../hooks/useApproval';
import { useDecide } from '../../hooks/useDecide';
import { useOperation } from '../../hooks/useOperation';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, makeStyles, Panel, TextArea } from '../../ui';
import { OperationProgress } from '../Operation';
import {
  DecidedMessage,
  ProblemMessage,
  StaleMessage,
} from './decisionMessages';
import { differences } from './differences';
import { useDrawerStyles } from './drawerStyles';
import { vendorOf, whyNot } from './whyNot';

const MOST = 800;

const useStyles = makeStyles(
  theme => ({
    root: { display: 'grid', gap: theme.spacing(1.5), paddingTop: 6 },
    buttons: {
      display: 'flex',
      flexWrap: 'wrap',
      justifyContent: 'flex-end',
      gap: theme.spacing(1),
    },
  }),
  { name: 'DeliveryDecision' },
);

/** The decision begun here, else the last one of anybody, while it matters. */
function useDecisionOperation(detail: ApprovalDetail, own: string | undefined) {
  const id = own ?? detail.operationId;
  const { data, error } = useOperation(id, detail.approval.id);
  // One that cannot be read must not hold the buttons for ever; the backend itself lets only one decision through.
  const state =
    id === undefined || (error && !data) ? undefined : data?.state ?? 'running';
  const over = state === 'refused' || state === 'failed';
  const shown =
    own !== undefined || detail.approval.state !== 'waiting' || !over;
  return { id: shown ? id : undefined, state, data };
}

/** What somebody decides with: the reason, the two buttons, and then how it goes on. */
export function DecisionPanel(props: { detail: ApprovalDetail }) {
  const { detail } = props;
  const classes = useStyles();
  const shared = useDrawerStyles();
  const t = useT();
  const whyId = useId();
  const news = useApprovalNews();
  const [comment, setComment] = useState('');
  const [seen, setSeen] = useState(detail);
  const [lookedAfter, setLookedAfter] = useState<string>();
  const { phase, problem, operationId, decide, forget } = useDecide(detail);
  const operation = useDecisionOperation(detail, operationId);
  const waiting = detail.approval.state === 'waiting';

  // The fresh read comes before or after the answer: the vendor may have changed in between.
  const outcome = operationId && operation.data?.outcome;
  const refusedAsStale =
    outcome && outcome.code === 'stale_view' && lookedAfter !== operationId
      ? outcome.message
      : undefined;
  const saidStale =
    problem?.kind === 'stale' ? problem.message : refusedAsStale;
  // Once it is sent, what changes is what the decision itself did.
  const sent =
    operation.state === 'running' ||
    operation.state === 'succeeded' ||
    operation.state === 'unknown';
  const changed = sent ? [] : differences(seen, detail, t);
  const stale = waiting && (saidStale !== undefined || changed.length > 0);
  const why = whyNot(
    { detail, phase, operation: operation.state, stale, comment },
    t,
  );
  const looked = () => {
    setSeen(detail);
    setLookedAfter(operationId);
    forget();
  };
  const send = (decision: 'approve' | 'reject') =>
    decide({ decision, comment: comment.trim(), viewHash: seen.viewHash });
  const environment = cutText(detail.approval.environment, 40);
  const text = why.both ?? why.approve;
  const button = (reason: string | undefined) => ({
    reason,
    describedBy: reason === undefined ? undefined : whyId,
  });
  return (
    <Panel title={t('approval.form.title')}>
      <div className={classes.root}>
        {!waiting && <DecidedMessage approval={detail.approval} />}
        {waiting && (
          <TextArea
            label={t('approval.form.reason')}
            help={t('approval.form.help')}
            required
            value={comment}
            onChange={setComment}
            maxLength={MOST}
            rows={2}
            disabled={phase !== 'idle' || operation.state === 'running'}
          />
        )}
        {stale && (
          <StaleMessage said={saidStale} changed={changed} onLooked={looked} />
        )}
        {problem && problem.kind !== 'stale' && (
          <ProblemMessage problem={problem} />
        )}
        {waiting && (
          <>
            <div className={classes.buttons}>
              <Action
                kind="danger"
                {...button(why.both)}
                onClick={() => send('reject')}
              >
                {t('approval.form.reject')}
              </Action>
              <Action
                kind="primary"
                {...button(text)}
                onClick={() => send('approve')}
              >
                {t('approval.form.approve', { environment })}
              </Action>
            </div>
            <p
              id={whyId}
              className={text ? shared.text : shared.side}
              role="status"
              dir="auto"
            >
              {text ?? t('approval.form.signIn', { host: vendorOf(detail) })}
            </p>
          </>
        )}
        {operation.id !== undefined && (
          <OperationProgress
            operationId={operation.id}
            approvalId={detail.approval.id}
            onEnd={news}
          />
        )}
      </div>
    </Panel>
  );
}
