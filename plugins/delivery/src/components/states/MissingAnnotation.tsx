import { ANNOTATION_PROJECT_SLUG } from 'backstage-plugin-delivery-common';
import { CopyAction } from './CopyAction';
import { InfoIcon, makeStyles, Message, trackColor } from '../../ui';
import type { Theme } from '../../ui';
import { useT } from '../../translation/deliveryTranslationRef';

const useStyles = makeStyles<Theme>(
  theme => ({
    code: {
      margin: theme.spacing(1, 0, 0),
      padding: theme.spacing(1, 1.5),
      borderRadius: 4,
      backgroundColor: trackColor(theme),
      fontFamily: 'monospace',
      whiteSpace: 'pre-wrap',
    },
  }),
  { name: 'DeliveryMissingAnnotation' },
);

/** Shown for a component without the annotation; with the exact line to add. */
export function MissingAnnotation() {
  const classes = useStyles();
  const t = useT();
  const line = `${ANNOTATION_PROJECT_SLUG}: ${t('missing.example')}`;
  return (
    <Message
      tone="neutral"
      icon={<InfoIcon />}
      title={t('missing.title')}
      actions={
        <CopyAction
          text={line}
          label={t('missing.copy')}
          done={t('missing.copied')}
        />
      }
    >
      {t('missing.help')}
      <pre className={classes.code}>{line}</pre>
    </Message>
  );
}
