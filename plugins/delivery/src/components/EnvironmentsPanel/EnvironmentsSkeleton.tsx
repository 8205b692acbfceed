import { Fragment } from 'react';
import { useT } from '../../translation/deliveryTranslationRef';
import { Panel, Skeleton } from '../../ui';
import { useCanvasStyles } from './canvasStyles';

/** The canvas before its first answer: same shape, grey. */
export function EnvironmentsSkeleton(props: { title: string }) {
  const classes = useCanvasStyles();
  const t = useT();
  return (
    <Panel title={props.title} busy>
      <div
        className={classes.frame}
        role="status"
        aria-label={t('environments.loading')}
      >
        <div className={classes.list}>
          {[0, 1, 2, 3].map(place => (
            <Fragment key={place}>
              {place > 0 && <div className={classes.joint} />}
              <div className={classes.item}>
                <div className={classes.card}>
                  <Skeleton width="60%" height={20} />
                  <Skeleton width={64} />
                  <Skeleton width="80%" height={12} />
                  <Skeleton width="55%" height={12} />
                </div>
              </div>
            </Fragment>
          ))}
        </div>
      </div>
    </Panel>
  );
}
