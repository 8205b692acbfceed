import { useDora } from '../../hooks/useDora';
import { useDoraChoice } from '../../hooks/useDoraChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';
import { DoraMetrics } from '../DoraPanel';
import { Distribution } from './Distribution';
import { ScopeSelect } from './ScopeSelect';
import { useLastChoices, useScopeChoice } from './useScopeChoice';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: theme.spacing(1.5),
      minWidth: 0,
      paddingTop: theme.spacing(1),
    },
    bar: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1, 2),
    },
    title: {
      ...theme.typography.h6,
      fontSize: '1rem',
      fontWeight: 700,
      margin: 0,
    },
    select: { flex: '0 1 320px', minWidth: 200 },
    help: {
      flex: '1 1 300px',
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: secondaryText(theme),
    },
  }),
  { name: 'DeliveryDoraPage' },
);

/** Metrics of a team, a system, a domain or all services: pooled, and each service beside the others. */
export function DoraPage() {
  const classes = useStyles();
  const t = useT();
  const { scope, choose } = useScopeChoice();
  const choice = useDoraChoice();
  // The same question as below: it is asked once.
  const { data } = useDora(scope, choice.days);
  const choices = useLastChoices(data);
  return (
    <div className={classes.root} data-testid="delivery-dora-page">
      <h2 className={classes.title}>{t('doraPage.heading')}</h2>
      <div className={classes.bar}>
        <div className={classes.select}>
          <ScopeSelect scope={scope} choices={choices} onChoose={choose} />
        </div>
        <div className={classes.help}>{t('doraPage.pooled')}</div>
      </div>
      <DoraMetrics scope={scope} choice={choice}>
        {report => <Distribution report={report} chosen={choice.metric} />}
      </DoraMetrics>
    </div>
  );
}
