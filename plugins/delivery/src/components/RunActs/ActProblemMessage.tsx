import { plainText } from '../../format/plainText';
import type { ActProblem } from '../../hooks/useAct';
import { useT } from '../../translation/deliveryTranslationRef';
import { Message, RefreshIcon, WarningIcon } from '../../ui';

/** Nothing was begun, or nobody knows whether it was. */
export function ActProblemMessage(props: { problem: ActProblem }) {
  const t = useT();
  const { kind, message } = props.problem;
  switch (kind) {
    case 'no_answer':
      return (
        <Message
          role="alert"
          tone="warning"
          icon={<WarningIcon />}
          title={t('acts.noAnswer')}
        >
          {t('acts.noAnswerHelp')}
        </Message>
      );
    case 'stale':
      return (
        <Message
          role="alert"
          tone="warning"
          icon={<RefreshIcon />}
          title={t('acts.stale')}
        >
          <div dir="auto">{plainText(message)}</div>
          <div>{t('acts.staleHelp')}</div>
        </Message>
      );
    default:
      return (
        <Message
          role="alert"
          tone="error"
          icon={<WarningIcon />}
          title={t('acts.problem')}
        >
          <div dir="auto">{plainText(message)}</div>
        </Message>
      );
  }
}
