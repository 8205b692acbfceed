import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles } from '../../ui';
import { AuditList } from '../AuditPanel';
import { Findings } from '../Findings';

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
  { name: 'DeliveryAuditPage' },
);

/** What is to be looked into, and who did what, of every service the reader may read the audit of. */
export function AuditPage() {
  const classes = useStyles();
  const t = useT();
  return (
    <div className={classes.root} data-testid="delivery-audit-page">
      <Findings />
      <AuditList title={t('audit.title')} entityRef={undefined} />
    </div>
  );
}
