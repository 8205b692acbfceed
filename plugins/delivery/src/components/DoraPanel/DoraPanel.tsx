import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
import { useMemo } from 'react';
import type { DoraScope } from '../../hooks/useDora';
import { useDoraChoice } from '../../hooks/useDoraChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles } from '../../ui';
import type { Theme } from '../../ui';
import { MissingAnnotation } from '../states';
import { DoraMetrics } from './DoraMetrics';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: theme.spacing(1.5),
      minWidth: 0,
      paddingTop: theme.spacing(1),
    },
    title: {
      ...theme.typography.h6,
      fontSize: '1rem',
      fontWeight: 700,
      margin: 0,
      color: theme.palette.text.primary,
    },
  }),
  { name: 'DeliveryDoraPanel' },
);

/** @public */
export interface DoraPanelProps {
  /** Title of the panel; the plugin's own word when absent. */
  title?: string;
}

/**
 * DORA and deployment metrics of the service in context, each with the rows behind it.
 * @public
 */
export function DoraPanel(props: DoraPanelProps) {
  const classes = useStyles();
  const t = useT();
  const { entity } = useEntity();
  const ref = stringifyEntityRef(entity);
  const scope = useMemo((): DoraScope => ({ scope: 'service', ref }), [ref]);
  const choice = useDoraChoice();
  if (!isDeliveryAvailable(entity)) return <MissingAnnotation />;
  return (
    <section
      className={classes.root}
      data-testid="delivery-dora"
      aria-label={props.title ?? t('dora.title')}
    >
      <h2 className={classes.title}>{props.title ?? t('dora.title')}</h2>
      <DoraMetrics scope={scope} choice={choice} entity={entity} />
    </section>
  );
}
