import type { Ingestion } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { Message, WarningIcon } from '../../ui';
import { Ago } from '../Time';

/** Says that what is shown is old, why, and from when it is. Nothing when all is well. */
export function ProblemBanner(props: {
  ingestion: Ingestion;
  asOf: number;
  /** Name of a repository that is gone. */
  deletedRepository?: string;
}) {
  const t = useT();
  const { ingestion, deletedRepository } = props;
  if (deletedRepository !== undefined) {
    return (
      <Message
        role="status"
        tone="warning"
        icon={<WarningIcon />}
        title={t('tab.deleted')}
      >
        {t('tab.deletedHelp', { slug: plainText(deletedRepository) })}
      </Message>
    );
  }
  if (!ingestion.problem) return null;
  return (
    <Message
      role="status"
      tone="warning"
      icon={<WarningIcon />}
      title={t('ingestion.problem')}
    >
      <div dir="auto">{plainText(ingestion.problem.message)}</div>
      <div>
        {t('ingestion.problemHelp', {
          when: <Ago at={ingestion.confirmedAt ?? props.asOf} />,
        })}
      </div>
    </Message>
  );
}
