import type { RunDetail } from 'backstage-plugin-delivery-common';
import { useChosenApproval } from '../../hooks/useChosenApproval';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles, Panel } from '../../ui';
import { ApprovalDrawer } from '../ApprovalDrawer';
import { ApprovalItem } from './ApprovalItem';

const useStyles = makeStyles(
  theme => ({
    list: {
      display: 'grid',
      gap: theme.spacing(1),
      margin: 0,
      padding: 0,
      listStyle: 'none',
    },
  }),
  { name: 'DeliveryRunApprovals' },
);

/** Every gate of a run, newest first; nothing when it had none. */
export function RunApprovals(props: { approvals: RunDetail['approvals'] }) {
  const classes = useStyles();
  const t = useT();
  const { chosen, choose } = useChosenApproval();
  return (
    <>
      {props.approvals.length > 0 && (
        <Panel title={t('approval.ofRun')}>
          <ul className={classes.list}>
            {props.approvals.map(approval => (
              <ApprovalItem
                key={approval.id}
                as="li"
                approval={approval}
                onReview={choose}
              />
            ))}
          </ul>
        </Panel>
      )}
      <ApprovalDrawer id={chosen} onClose={() => choose(undefined)} />
    </>
  );
}
