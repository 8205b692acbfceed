import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
import { useChosenApproval } from '../../hooks/useChosenApproval';
import { useOverview } from '../../hooks/useOverview';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles } from '../../ui';
import { ApprovalDrawer } from '../ApprovalDrawer';
import { ApprovalItem } from './ApprovalItem';

const useStyles = makeStyles(
  theme => ({
    root: {
      flex: '1 0 100%',
      display: 'grid',
      gap: theme.spacing(1),
      minWidth: 0,
      margin: 0,
      padding: 0,
      listStyle: 'none',
    },
  }),
  { name: 'DeliveryApprovalCard' },
);

/**
 * What of the service in context waits for a decision, from what the tab has read anyway; nothing when nothing waits.
 * @public
 */
export function ApprovalCard() {
  const { entity } = useEntity();
  const classes = useStyles();
  const t = useT();
  const { chosen, choose } = useChosenApproval();
  const { data } = useOverview(stringifyEntityRef(entity), {
    enabled: isDeliveryAvailable(entity),
  });
  const approvals = data?.approvals ?? [];
  return (
    <>
      {approvals.length > 0 && (
        <ul className={classes.root} aria-label={t('approval.list')}>
          {approvals.map(approval => (
            <ApprovalItem
              key={approval.id}
              as="li"
              approval={approval}
              onReview={choose}
            />
          ))}
        </ul>
      )}
      <ApprovalDrawer id={chosen} onClose={() => choose(undefined)} />
    </>
  );
}
