import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
import type { Environment } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import {
  ENVIRONMENTS_PANEL,
  useEnvironmentChoice,
} from '../../hooks/useEnvironmentChoice';
import { useOverview } from '../../hooks/useOverview';
import { useT } from '../../translation/deliveryTranslationRef';
import { ArrowForwardIcon } from '../../ui';
import { useHasPanel } from './PanelNames';
import { EnvironmentPill } from './EnvironmentPill';
import { useStripStyles } from './stripStyles';

function Pill(props: {
  environment: Environment;
  current: boolean;
  onOpen?: () => void;
}) {
  const classes = useStripStyles();
  const { environment, onOpen } = props;
  const own = {
    className: classes.pill,
    'data-basis': environment.basis,
    'data-environment': environment.name,
    title: plainText(environment.health.message) || undefined,
  };
  const content = <EnvironmentPill environment={environment} />;
  return onOpen ? (
    <button
      {...own}
      type="button"
      aria-current={props.current ? 'true' : undefined}
      onClick={onOpen}
    >
      {content}
    </button>
  ) : (
    <span {...own}>{content}</span>
  );
}

/**
 * The environments of the service in context in one line, from what the tab has read anyway. A click shows one in the panel of
 * environments.
 * @public
 */
export function EnvironmentStrip() {
  const { entity } = useEntity();
  const classes = useStripStyles();
  const t = useT();
  const { panel, chosen, open } = useEnvironmentChoice();
  const canOpen = useHasPanel(ENVIRONMENTS_PANEL);
  const { data } = useOverview(stringifyEntityRef(entity), {
    enabled: isDeliveryAvailable(entity),
  });
  if (!data || data.environments.length === 0) return null;
  return (
    <ol className={classes.root} aria-label={t('environments.strip')}>
      {data.environments.map((environment, index) => (
        <li key={environment.name} className={classes.item}>
          {index > 0 && (
            <ArrowForwardIcon aria-hidden className={classes.arrow} />
          )}
          <Pill
            environment={environment}
            current={
              panel === ENVIRONMENTS_PANEL && chosen === environment.name
            }
            onOpen={canOpen ? () => open(environment.name) : undefined}
          />
        </li>
      ))}
    </ol>
  );
}
