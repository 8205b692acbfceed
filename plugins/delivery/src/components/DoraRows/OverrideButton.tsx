import type { DoraDeploymentRow } from 'backstage-plugin-delivery-common';
import { useT } from '../../translation/deliveryTranslationRef';
import { nameOf } from './DeploymentName';
import { useRowStyles } from './rowStyles';

/** What a person can say of a deployment. */
export type OverrideVerdict = 'failed' | 'not_failed' | 'clear';

export interface OverrideProps {
  /** Undefined: the person may not. */
  onOverride?: (row: DoraDeploymentRow, verdict: OverrideVerdict) => void;
}

/** What can be said of it next: the word of a person is first taken back. */
export function verdictFor(row: DoraDeploymentRow): OverrideVerdict {
  const marked = row.evidence.some(
    ({ code }) => code === 'marked_failed' || code === 'marked_not_failed',
  );
  if (marked) return 'clear';
  return row.failed ? 'not_failed' : 'failed';
}

/** The way to say that a deployment failed, or did not. */
export function OverrideButton(
  props: OverrideProps & { row: DoraDeploymentRow },
) {
  const classes = useRowStyles();
  const t = useT();
  const { onOverride, row } = props;
  const verdict = verdictFor(row);
  const act = t(`doraRows.override.${verdict}`);
  return (
    <button
      type="button"
      className={classes.act}
      // Stays reachable with the keyboard, so that its reason is, too.
      aria-disabled={onOverride === undefined || undefined}
      title={onOverride ? undefined : t('doraRows.override.denied')}
      aria-label={t('doraRows.override.of', {
        act,
        deployment: nameOf(row, t),
      })}
      onClick={() => onOverride?.(row, verdict)}
    >
      {act}
    </button>
  );
}
