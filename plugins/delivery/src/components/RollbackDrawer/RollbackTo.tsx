import type { LogicalDeployment } from 'backstage-plugin-delivery-common';
import { formatAgo } from '../../format/duration';
import { shortSha } from '../../format/plainText';
import { useMyActs } from '../../hooks/useMyActs';
import { useNow } from '../../hooks/useNow';
import { useRollbackChoice } from '../../hooks/useRollback';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, RollbackIcon } from '../../ui';
import { canActHere, whyNotYou } from '../RunActs';

/** The way back to a deployment that ran healthy. */
export function RollbackTo(props: {
  entityRef: string;
  environment: string;
  deployment: LogicalDeployment;
}) {
  const t = useT();
  const now = useNow();
  const { data: acts } = useMyActs(props.entityRef);
  const { open } = useRollbackChoice();
  const { deployment, environment } = props;
  if (!canActHere(acts)) return null;
  return (
    <Action
      icon={<RollbackIcon fontSize="small" />}
      label={t('rollback.toThis', {
        sha: shortSha(deployment.commit.sha ?? '') || t('commit.unknown'),
        when: formatAgo(deployment.startedAt, now, t),
      })}
      reason={whyNotYou(acts, 'rollback', t)}
      onClick={() => open(environment, deployment.id)}
    >
      {t('rollback.to')}
    </Action>
  );
}
