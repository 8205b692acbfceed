import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles, Panel, Skeleton } from '../../ui';
import { NODE } from './graphSize';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1.5),
    },
    head: { display: 'grid', gap: theme.spacing(1), minHeight: 74 },
    graph: {
      display: 'flex',
      alignItems: 'center',
      gap: NODE.gapX,
      minHeight: 200,
      overflow: 'hidden',
    },
  }),
  { name: 'DeliveryRunSkeleton' },
);

/** A run page before its first answer. */
export function RunSkeleton() {
  const classes = useStyles();
  const t = useT();
  return (
    <div
      className={classes.root}
      role="status"
      aria-label={t('run.loading')}
      aria-busy
    >
      <div className={classes.head}>
        <Skeleton width={160} height={12} />
        <Skeleton width="50%" height={24} />
        <Skeleton width="35%" />
      </div>
      <Panel title={t('graph.title')}>
        <div className={classes.graph}>
          {[0, 1, 2, 3].map(column => (
            <Skeleton key={column} width={NODE.width} height={NODE.height} />
          ))}
        </div>
      </Panel>
    </div>
  );
}
