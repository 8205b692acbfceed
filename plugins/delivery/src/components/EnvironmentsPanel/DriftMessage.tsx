import type { Drift } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { Message, StartupFailureIcon } from '../../ui';
import { Ago } from '../Time';

function titleOf(drift: Drift, t: T): string | undefined {
  switch (drift.kind) {
    case 'out_of_band':
      return t('environment.drift');
    case 'mixed_tasks':
    case 'infrastructure':
      return t(`environments.${drift.kind}`);
    default:
      return undefined;
  }
}

/** Real drift in full: what runs, what should, since when and who brought it. */
export function DriftMessage(props: { drift: Drift }) {
  const t = useT();
  const { drift } = props;
  const loud = drift.kind === 'out_of_band';
  return (
    <Message
      role="status"
      tone={loud ? 'error' : 'warning'}
      icon={<StartupFailureIcon />}
      title={titleOf(drift, t)}
    >
      <div dir="auto">{plainText(drift.message)}</div>
      {drift.since !== undefined && (
        <div>
          {t('environment.driftSince', { when: <Ago at={drift.since} /> })}
        </div>
      )}
      {drift.by && (
        <div>{t('environments.driftBy', { by: plainText(drift.by) })}</div>
      )}
    </Message>
  );
}
