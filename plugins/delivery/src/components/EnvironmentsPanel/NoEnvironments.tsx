import type { Environments } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles, trackColor } from '../../ui';
import type { Theme } from '../../ui';
import { CopyAction, EmptyState } from '../states';

const LINE = 'environment: production';

const useStyles = makeStyles<Theme>(
  theme => ({
    help: { display: 'grid', gap: theme.spacing(1), justifyItems: 'center' },
    code: {
      padding: theme.spacing(0.75, 1.5),
      borderRadius: 4,
      backgroundColor: trackColor(theme),
      color: theme.palette.text.primary,
      fontFamily: 'monospace',
    },
  }),
  { name: 'DeliveryNoEnvironments' },
);

/** Why there is no environment, and the line that makes one appear. */
export function NoEnvironments(props: { notes: Environments['notes'] }) {
  const classes = useStyles();
  const t = useT();
  return (
    <EmptyState
      title={t('environments.emptyTitle')}
      help={
        <span className={classes.help}>
          {props.notes.map((note, index) => (
            <span key={`${index}-${note.code}`} dir="auto">
              {plainText(note.message)}
            </span>
          ))}
          <span>{t('environments.emptyHelp')}</span>
          <code className={classes.code}>{LINE}</code>
          <span>{t('environments.emptyRuntime')}</span>
        </span>
      }
      action={
        <CopyAction
          text={LINE}
          label={t('environments.copy')}
          done={t('environments.copied')}
        />
      }
    />
  );
}
