import type { DoraChangeRow } from 'backstage-plugin-delivery-common';
import { formatSpan } from '../../format/doraValue';
import { useT } from '../../translation/deliveryTranslationRef';
import { useRowStyles } from './rowStyles';

const STAGES = ['coding', 'pickup', 'review', 'deploy'] as const;

/** The parts of a lead time as a bar, and in words below it. */
export function StageBar(props: { stages: DoraChangeRow['stages'] }) {
  const classes = useRowStyles();
  const t = useT();
  const parts = STAGES.flatMap(stage => {
    const ms = props.stages?.[stage];
    return ms === undefined ? [] : [{ stage, ms }];
  });
  if (parts.length === 0) return null;
  return (
    <>
      <span className={classes.bar} aria-hidden>
        {parts.map(({ stage, ms }) => (
          <span
            key={stage}
            data-stage={stage}
            className={classes[stage]}
            // A part of no length has no place in the bar, but one in the words.
            style={{ flexGrow: ms, flexBasis: 0 }}
          />
        ))}
      </span>
      <span className={classes.side}>
        {parts
          .map(({ stage, ms }) =>
            t(`doraRows.stage.${stage}`, { duration: formatSpan(ms, t) }),
          )
          .join(' · ')}
      </span>
    </>
  );
}
