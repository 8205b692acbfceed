import type { AuditPhase } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { audit as words } from '../../translation/audit';
import type { T } from '../../translation/deliveryTranslationRef';
import {
  FailureIcon,
  InfoIcon,
  RequestedIcon,
  SuccessIcon,
  UnknownIcon,
  WarningIcon,
} from '../../ui';
import type { Tone } from '../../ui';

export const PHASE_LOOKS = {
  attempted: { tone: 'running', Icon: RequestedIcon },
  succeeded: { tone: 'ok', Icon: SuccessIcon },
  refused: { tone: 'warning', Icon: WarningIcon },
  failed: { tone: 'error', Icon: FailureIcon },
  unknown: { tone: 'warning', Icon: UnknownIcon },
  recorded: { tone: 'quiet', Icon: InfoIcon },
} satisfies Record<AuditPhase, { tone: Tone; Icon: typeof InfoIcon }>;

type ActionWord = keyof typeof words.action;

const isKnown = (word: string): word is ActionWord =>
  Object.hasOwn(words.action, word);

/** What was done; a newer server's own word when this page does not know it. */
export function actionWord(action: string, t: T): string {
  const word = action.replace('.', '_');
  return isKnown(word)
    ? t(`audit.action.${word}`)
    : plainText(action).slice(0, 60);
}
