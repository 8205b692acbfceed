import { useT } from '../../translation/deliveryTranslationRef';
import { EnvironmentIcon, InfoIcon, Message } from '../../ui';

/** Where an act may deploy to, by what its jobs name. */
export function DeploysTo(props: { environments: string[] }) {
  const t = useT();
  const { environments } = props;
  return environments.length > 0 ? (
    <Message
      tone="warning"
      icon={<EnvironmentIcon />}
      title={t('acts.mayDeploy', { environments: environments.join(', ') })}
    >
      {t('acts.mayDeployHelp')}
    </Message>
  ) : (
    <Message tone="neutral" icon={<InfoIcon />}>
      {t('acts.noEnvironments')}
    </Message>
  );
}
