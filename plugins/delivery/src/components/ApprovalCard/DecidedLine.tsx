import type { ApprovalSummary } from 'backstage-plugin-delivery-common';
import { cutText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { Ago } from '../Time';

/** Who decided, when, and why they said they did; or how else it ended. */
export function DecidedLine(props: { approval: ApprovalSummary }) {
  const t = useT();
  const { decided, state } = props.approval;
  if (!decided) return <>{t(`approval.stateHelp.${state}`)}</>;
  const who = <bdi>{cutText(decided.by.login, 60)}</bdi>;
  const word = t(`approval.state.${state}`);
  const comment = cutText(decided.comment ?? '', 800);
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
      {comment && <bdi>{t('approval.comment', { comment })}</bdi>}
    </>
  );
}
