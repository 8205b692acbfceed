import type { ApprovalSummary } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { Ago } from '../Time';

/** Who decided, when, and why they said they did; or how else it ended. */
export function DecidedLine(props: { approval: ApprovalSummary }) {
  const t = useT();
  const { decided, state } = props.approval;
  if (!decided) return <>{t(`approval.stateHelp.${state}`)}</>;
  const who = <bdi>{plainText(decided.by.login)}</bdi>;
  const word = t(`approval.state.${state}`);
  const comment = plainText(decided.comment ?? '');
  return (
    <>
      {decided.at === undefined
        ? t('approval.decidedBy', { state: word, who })
        : t('approval.decidedByAt', {
            state: word,
            who,
            when: <Ago at={decided.at} />,
          })}
      {comment && ' · '}
      {comment && (
        <bdi>{t('approval.comment', { comment: comment.slice(0, 800) })}</bdi>
      )}
    </>
  );
}
