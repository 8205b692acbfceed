import { useEntity } from '@backstage/plugin-catalog-react';
import { plainText } from '../../format/plainText';
import { useCompare } from '../../hooks/useCompare';
import type { Pair } from '../../hooks/useEnvironmentChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { Drawer, makeStyles, Skeleton } from '../../ui';
import type { Theme } from '../../ui';
import { ErrorState } from '../states';
import { ComparisonView } from './ComparisonView';

const useStyles = makeStyles<Theme>(
  theme => ({ wait: { display: 'grid', gap: theme.spacing(1.5) } }),
  { name: 'DeliveryCompareDrawer' },
);

function Body(props: {
  entityRef: string;
  pair: Pair;
  onPair: (pair: Pair) => void;
}) {
  const classes = useStyles();
  const t = useT();
  const { entity } = useEntity();
  const { from, to } = props.pair;
  const query = useCompare(props.entityRef, from, to);
  const { data, error } = query;
  if (data) {
    return (
      <ComparisonView
        comparison={data}
        staleBecause={error ?? undefined}
        onSwap={() => props.onPair({ from: to, to: from })}
      />
    );
  }
  return error ? (
    <ErrorState error={error} onRetry={() => query.refetch()} entity={entity} />
  ) : (
    <div
      className={classes.wait}
      role="status"
      aria-label={t('compare.loading')}
    >
      <Skeleton width="60%" height={20} />
      {[80, 70, 75].map(width => (
        <Skeleton key={width} width={`${width}%`} height={34} />
      ))}
    </div>
  );
}

/** Commits and pull requests between two environments, beside the page; open while there is a pair. */
export function CompareDrawer(props: {
  entityRef: string;
  pair: Pair | undefined;
  onClose: () => void;
  onPair: (pair: Pair) => void;
}) {
  const t = useT();
  const { pair } = props;
  return (
    <Drawer
      open={pair !== undefined}
      onClose={props.onClose}
      closeLabel={t('compare.close')}
      title={
        pair
          ? t('compare.title', {
              to: plainText(pair.to),
              from: plainText(pair.from),
            })
          : ''
      }
    >
      {pair && (
        <Body entityRef={props.entityRef} pair={pair} onPair={props.onPair} />
      )}
    </Drawer>
  );
}
