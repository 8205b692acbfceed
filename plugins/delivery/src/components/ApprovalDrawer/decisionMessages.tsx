import type { ApprovalSummary } from 'backstage-plugin-delivery-common';
import { cutText } from '../../format/plainText';
import type { DecisionProblem } from '../../hooks/useDecide';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, Message, RefreshIcon, WarningIcon } from '../../ui';
import { DecidedLine } from '../ApprovalCard/DecidedLine';
import { APPROVAL_LOOKS } from '../ApprovalCard/looks';
import { useDrawerStyles } from './drawerStyles';

/** It is over: who decided, when, why, and where. */
export function DecidedMessage(props: { approval: ApprovalSummary }) {
  const t = useT();
  const { approval } = props;
  const { tone, Icon } = APPROVAL_LOOKS[approval.state];
  const via = approval.decided?.via;
  return (
    <Message
      tone={tone}
      icon={<Icon />}
      role="status"
      title={t(`approval.stateHelp.${approval.state}`)}
    >
      {approval.decided && (
        <div>
          <DecidedLine approval={approval} />
        </div>
      )}
      {via === 'portal' && <div>{t('approval.viaPortal')}</div>}
      {via === 'vendor' && <div>{t('approval.viaVendor')}</div>}
    </Message>
  );
}

/** It is not what the person looked at: what is different, and the wish to look again. */
export function StaleMessage(props: {
  /** Sentence of the backend. */
  said?: string;
  changed: string[];
  onLooked: () => void;
}) {
  const classes = useDrawerStyles();
  const t = useT();
  return (
    <Message
      role="alert"
      tone="warning"
      icon={<RefreshIcon />}
      title={t('approval.form.stale')}
    >
      {props.said && <div dir="auto">{cutText(props.said, 800)}</div>}
      {props.changed.length > 0 && (
        <ul className={classes.bullets}>
          {props.changed.map(line => (
            <li key={line}>
              <bdi>{line}</bdi>
            </li>
          ))}
        </ul>
      )}
      <div>{t('approval.form.staleHelp')}</div>
      <div className={classes.gapAbove}>
        <Action onClick={props.onLooked}>{t('approval.form.looked')}</Action>
      </div>
    </Message>
  );
}

/** Nothing was begun, or nobody knows whether it was. */
export function ProblemMessage(props: { problem: DecisionProblem }) {
  const t = useT();
  const { kind, message } = props.problem;
  return kind === 'no_answer' ? (
    <Message
      role="alert"
      tone="warning"
      icon={<WarningIcon />}
      title={t('approval.form.noAnswer')}
    >
      {t('approval.form.noAnswerHelp')}
    </Message>
  ) : (
    <Message
      role="alert"
      tone="error"
      icon={<WarningIcon />}
      title={t('approval.form.problem')}
    >
      <div dir="auto">{message}</div>
    </Message>
  );
}
