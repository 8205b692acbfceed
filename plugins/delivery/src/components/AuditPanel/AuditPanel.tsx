import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles } from '../../ui';
import { OpenFindings } from '../Findings';
import { MissingAnnotation } from '../states';
import { AuditList } from './AuditList';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'grid',
      // Else the widest thing decides, and the page scrolls.
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: theme.spacing(1.5),
      minWidth: 0,
    },
  }),
  { name: 'DeliveryAuditPanel' },
);

/** @public */
export interface AuditPanelProps {
  /** Title of the panel; the plugin's own word when absent. */
  title?: string;
}

/**
 * Who did what to the service in context, and what is still to be looked into.
 * @public
 */
export function AuditPanel(props: AuditPanelProps) {
  const classes = useStyles();
  const t = useT();
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  if (!isDeliveryAvailable(entity)) return <MissingAnnotation />;
  return (
    <div className={classes.root} data-testid="delivery-audit">
      <OpenFindings entityRef={entityRef} />
      <AuditList
        title={props.title ?? t('audit.title')}
        entityRef={entityRef}
        entity={entity}
      />
    </div>
  );
}
