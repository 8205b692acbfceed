import { useT } from '../../translation/deliveryTranslationRef';
import { Panel, Skeleton } from '../../ui';
import { useDrawerStyles } from './drawerStyles';

function Block(props: { title: string; lines: number }) {
  const classes = useDrawerStyles();
  return (
    <Panel title={props.title} busy>
      <div className={classes.list}>
        {Array.from({ length: props.lines }, (_, line) => (
          <div key={line} className={classes.item}>
            <Skeleton width={`${85 - (line % 3) * 15}%`} height={18} />
          </div>
        ))}
      </div>
    </Panel>
  );
}

/** The final layout, without what is not known yet. */
export function ApprovalSkeleton() {
  const classes = useDrawerStyles();
  const t = useT();
  return (
    <div
      className={classes.frame}
      role="status"
      aria-label={t('approval.loading')}
    >
      <div className={classes.columns}>
        <div className={classes.column}>
          <Block title={t('approval.changes.title')} lines={4} />
          <Block title={t('approval.commits.title')} lines={3} />
          <Block title={t('approval.evidence.title')} lines={4} />
        </div>
        <div className={classes.column}>
          <Block title={t('approval.people.title')} lines={3} />
          <Block title={t('approval.policy.title')} lines={4} />
          <Block title={t('approval.form.title')} lines={3} />
        </div>
      </div>
    </div>
  );
}
