import type { ActOperation, ActStep } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import type { T } from '../../translation/deliveryTranslationRef';
import { operation as words } from '../../translation/operation';
import {
  FailureIcon,
  NotStartedIcon,
  RunningIcon,
  SuccessIcon,
  UnknownIcon,
  WarningIcon,
} from '../../ui';
import type { Tone } from '../../ui';

export const STEP_LOOKS = {
  pending: { tone: 'quiet', Icon: NotStartedIcon },
  running: { tone: 'running', Icon: RunningIcon },
  done: { tone: 'ok', Icon: SuccessIcon },
  failed: { tone: 'error', Icon: FailureIcon },
} satisfies Record<ActStep['state'], { tone: Tone; Icon: typeof SuccessIcon }>;

export const OUTCOME_LOOKS = {
  running: { tone: 'running', Icon: RunningIcon },
  succeeded: { tone: 'ok', Icon: SuccessIcon },
  refused: { tone: 'warning', Icon: WarningIcon },
  failed: { tone: 'error', Icon: FailureIcon },
  unknown: { tone: 'warning', Icon: UnknownIcon },
} satisfies Record<
  ActOperation['state'],
  { tone: Tone; Icon: typeof SuccessIcon }
>;

type StepCode = keyof typeof words.step;

const isKnown = (code: string): code is StepCode =>
  Object.hasOwn(words.step, code);

/** What a step is about; a newer server's own word when this page does not know it. */
export function stepWord(code: string, t: T): string {
  return isKnown(code)
    ? t(`operation.step.${code}`)
    : plainText(code).slice(0, 60);
}
