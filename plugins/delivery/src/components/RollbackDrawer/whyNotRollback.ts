import type {
  ActOperation,
  RollbackOptions,
} from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import type { ActState } from '../../hooks/useAct';
import type { T } from '../../translation/deliveryTranslationRef';

/** As the contract asks for it. */
const SHORTEST = 3;

/** Ways that the button "Roll back" can go. */
const NORMAL: RollbackOptions['way'][] = [
  'continue_hook',
  'stop_deployment',
  'pipeline',
];

/** Why the buttons cannot be used now, as sentences; absent: they can. */
export function whyNotRollback(
  facts: {
    options: RollbackOptions;
    phase: ActState['phase'];
    operation: ActOperation['state'] | undefined;
    stale: boolean;
    hasTarget: boolean;
    comment: string;
    host: string;
  },
  t: T,
): { normal?: string; emergency?: string } {
  const { options, phase, operation, host } = facts;
  const both = () => {
    if (phase === 'signing') return t('acts.signing', { host });
    if (phase === 'sending') return t('acts.sending');
    if (operation === 'running') return t('acts.underWay');
    if (operation === 'unknown') return t('operation.unknownHelp');
    if (facts.stale) return t('rollback.lookAgain');
    if (!facts.hasTarget) return t('rollback.needTarget');
    return facts.comment.trim().length < SHORTEST
      ? t('rollback.needReason')
      : undefined;
  };
  const you = options.you.allowed
    ? undefined
    : plainText(options.you.reason?.message ?? '') || t('acts.notYou');
  const way = NORMAL.includes(options.way)
    ? undefined
    : plainText(options.message) || t(`rollback.way.${options.way}`);
  const common = both();
  return { normal: you ?? way ?? common, emergency: common };
}
