import type { ApprovalState } from 'backstage-plugin-delivery-common';
import {
  ApprovedIcon,
  CancelledIcon,
  FailureIcon,
  GateIcon,
  SkippedIcon,
  TimedOutIcon,
  UnknownIcon,
} from '../../ui';
import type { Tone } from '../../ui';

export const APPROVAL_LOOKS = {
  waiting: { tone: 'waiting', Icon: GateIcon },
  approved: { tone: 'ok', Icon: ApprovedIcon },
  rejected: { tone: 'error', Icon: FailureIcon },
  cancelled: { tone: 'quiet', Icon: CancelledIcon },
  superseded: { tone: 'quiet', Icon: SkippedIcon },
  expired: { tone: 'warning', Icon: TimedOutIcon },
  unknown: { tone: 'warning', Icon: UnknownIcon },
} satisfies Record<ApprovalState, { tone: Tone; Icon: typeof GateIcon }>;
