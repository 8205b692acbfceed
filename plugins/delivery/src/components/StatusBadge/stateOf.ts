import type { Conclusion, Status } from 'backstage-plugin-delivery-common';
import {
  ActionRequiredIcon,
  CancelledIcon,
  FailureIcon,
  GateIcon,
  NeutralIcon,
  NotStartedIcon,
  PendingIcon,
  QueuedIcon,
  RequestedIcon,
  RunningIcon,
  SkippedIcon,
  StaleIcon,
  StartupFailureIcon,
  SuccessIcon,
  TimedOutIcon,
  UnknownIcon,
} from '../../ui';
import type { Tone } from '../../ui';
import type { T } from '../../translation/deliveryTranslationRef';
import { plainText } from '../../format/plainText';

/** A state as the contract gives it. */
export interface ShownState {
  status: Status;
  conclusion?: Conclusion;
  rawStatus: string;
  rawConclusion?: string;
}

export const STATE_LOOKS = {
  queued: { tone: 'quiet', Icon: QueuedIcon },
  requested: { tone: 'quiet', Icon: RequestedIcon },
  pending: { tone: 'waiting', Icon: PendingIcon },
  in_progress: { tone: 'running', Icon: RunningIcon },
  waiting: { tone: 'waiting', Icon: GateIcon },
  success: { tone: 'ok', Icon: SuccessIcon },
  failure: { tone: 'error', Icon: FailureIcon },
  cancelled: { tone: 'quiet', Icon: CancelledIcon },
  skipped: { tone: 'quiet', Icon: SkippedIcon },
  timed_out: { tone: 'error', Icon: TimedOutIcon },
  neutral: { tone: 'neutral', Icon: NeutralIcon },
  action_required: { tone: 'warning', Icon: ActionRequiredIcon },
  startup_failure: { tone: 'error', Icon: StartupFailureIcon },
  stale: { tone: 'warning', Icon: StaleIcon },
  not_started: { tone: 'quiet', Icon: NotStartedIcon },
  unknown: { tone: 'warning', Icon: UnknownIcon },
} satisfies Record<string, { tone: Tone; Icon: typeof SuccessIcon }>;

export type StateKey = keyof typeof STATE_LOOKS;

/** The one word for a state. Only a conclusion `success` ever reads as success. */
export function stateKey(state: ShownState | undefined): StateKey {
  if (!state) return 'not_started';
  if (state.status === 'completed') return state.conclusion ?? 'unknown';
  if (state.status === 'queued' || state.status === 'waiting') {
    // The vendor knows more kinds of waiting than we do; each keeps its own word.
    if (state.rawStatus === 'pending') return 'pending';
    if (state.rawStatus === 'requested') return 'requested';
  }
  return state.status;
}

/** Word of a state in the reader's language; for an unknown one the vendor's own. */
export function stateWord(state: ShownState | undefined, t: T): string {
  const key = stateKey(state);
  if (key !== 'unknown') return t(`status.${key}`);
  const raw = plainText(state?.rawConclusion ?? state?.rawStatus ?? '');
  return raw
    ? t('status.unknownWord', { word: raw.slice(0, 40) })
    : t('status.unknown');
}

/** True while a state can still change by itself. */
export function isMoving(state: { status: Status } | undefined): boolean {
  return (
    state !== undefined &&
    (state.status === 'queued' ||
      state.status === 'in_progress' ||
      state.status === 'waiting')
  );
}

/** True for a conclusion that somebody should look at. */
export function isBad(state: ShownState | undefined): boolean {
  const key = stateKey(state);
  return key === 'failure' || key === 'timed_out' || key === 'startup_failure';
}
