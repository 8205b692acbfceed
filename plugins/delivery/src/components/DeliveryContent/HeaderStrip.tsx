import { Link } from '@backstage/core-components';
import type { Overview } from 'backstage-plugin-delivery-common';
import type { ReactNode } from 'react';
import { plainText } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';
import { IngestionNote } from './IngestionNote';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1, 3),
      minHeight: 36,
    },
    repository: {
      minWidth: 0,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      ...theme.typography.body2,
      fontFamily: 'monospace',
      color: secondaryText(theme),
    },
    note: { marginLeft: 'auto' },
    // Under the first line: several environments need the whole width.
    widgets: {
      flex: '1 0 100%',
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(1),
      minWidth: 0,
      '&:empty': { display: 'none' },
    },
  }),
  { name: 'DeliveryHeaderStrip' },
);

/** Top of the tab: which repository, how fresh, and small things of other parts. */
export function HeaderStrip(props: {
  overview: Overview;
  live: boolean;
  widgets?: ReactNode;
}) {
  const classes = useStyles();
  const t = useT();
  const { repository, ingestion, asOf } = props.overview;
  const url = repository?.deleted ? undefined : safeUrl(repository?.url);
  const slug = plainText(repository?.slug ?? '');
  return (
    <div className={classes.root}>
      <div className={classes.repository}>
        {!repository && t('tab.noRepository')}
        {repository && url && (
          <Link to={url} aria-label={t('tab.repository', { slug })}>
            <bdi>{slug}</bdi>
          </Link>
        )}
        {repository && !url && <bdi>{slug}</bdi>}
      </div>
      <div className={classes.note}>
        <IngestionNote ingestion={ingestion} asOf={asOf} live={props.live} />
      </div>
      {props.widgets && <div className={classes.widgets}>{props.widgets}</div>}
    </div>
  );
}
