import { plainText } from '../../format/plainText';
import { useMyActs } from '../../hooks/useMyActs';
import { useRollbackChoice } from '../../hooks/useRollback';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, Fold, RollbackIcon } from '../../ui';
import { Section } from '../EnvironmentsPanel/FactList';
import { canActHere, whyNotYou } from '../RunActs';
import { useRollbackStyles } from './rollbackStyles';

/** What changes an environment at once, out of the way until somebody looks for it. */
export function DangerZone(props: { entityRef: string; environment: string }) {
  const classes = useRollbackStyles();
  const t = useT();
  const { data: acts } = useMyActs(props.entityRef);
  const { open } = useRollbackChoice();
  if (!canActHere(acts)) return null;
  const environment = plainText(props.environment);
  return (
    <Section title={t('rollback.danger')}>
      <Fold
        // Another environment begins folded.
        key={props.environment}
        label={<bdi>{t('rollback.dangerFold', { environment })}</bdi>}
      >
        <div className={classes.bar}>
          <Action
            kind="danger"
            icon={<RollbackIcon fontSize="small" />}
            reason={whyNotYou(acts, 'rollback', t)}
            onClick={() => open(props.environment)}
          >
            {t('rollback.open')}
          </Action>
          <p className={classes.text}>{t('rollback.dangerHelp')}</p>
        </div>
      </Fold>
    </Section>
  );
}
