import type { Finding } from 'backstage-plugin-delivery-common';
import {
  ActionRequiredIcon,
  ApprovedIcon,
  PersonIcon,
  StartupFailureIcon,
  SuccessIcon,
  UnknownIcon,
  WarningIcon,
} from '../../ui';
import type { Tone } from '../../ui';

type Look = { tone: Tone; Icon: typeof WarningIcon };

export const KIND_LOOKS = {
  unapproved_deployment: { tone: 'error', Icon: PersonIcon },
  unknown_deployment: { tone: 'error', Icon: StartupFailureIcon },
  break_glass: { tone: 'warning', Icon: ActionRequiredIcon },
  decided_elsewhere: { tone: 'neutral', Icon: ApprovedIcon },
  unprotected_environment: { tone: 'warning', Icon: WarningIcon },
  unknown: { tone: 'warning', Icon: UnknownIcon },
} satisfies Record<Finding['kind'], Look>;

export const STATE_LOOKS = {
  open: { tone: 'warning', Icon: WarningIcon },
  reviewed: { tone: 'ok', Icon: SuccessIcon },
  unknown: { tone: 'warning', Icon: UnknownIcon },
} satisfies Record<Finding['state'], Look>;
