import type { MatrixCell } from 'backstage-plugin-delivery-common';
import type { T } from '../../translation/deliveryTranslationRef';
import {
  FailureIcon,
  GateIcon,
  NeutralIcon,
  NotStartedIcon,
  RunningIcon,
  SuccessIcon,
  UnknownIcon,
  WarningIcon,
} from '../../ui';
import type { Tone } from '../../ui';

/** What the sign of a cell looks like. */
export interface CellLook {
  tone: Tone;
  Icon: typeof SuccessIcon;
  word: string;
}

type Flag = Extract<
  MatrixCell['flags'][number],
  'problem' | 'waiting' | 'moving' | 'failed' | 'rolled_back' | 'drift'
>;

const FLAGS: [Flag, Tone, typeof SuccessIcon][] = [
  ['problem', 'warning', WarningIcon],
  ['waiting', 'waiting', GateIcon],
  ['moving', 'running', RunningIcon],
  ['failed', 'error', FailureIcon],
  ['rolled_back', 'error', FailureIcon],
  ['drift', 'warning', WarningIcon],
];

const HEALTH: Record<MatrixCell['health'], [Tone, typeof SuccessIcon]> = {
  healthy: ['ok', SuccessIcon],
  degraded: ['warning', WarningIcon],
  unhealthy: ['error', FailureIcon],
  unknown: ['neutral', UnknownIcon],
  none: ['quiet', NeutralIcon],
};

/** How the last deployment stands. What moves or waits is said before what it was before. */
export function deployLook(cell: MatrixCell, t: T): CellLook {
  const found = FLAGS.find(([flag]) => cell.flags.includes(flag));
  if (found) {
    const [flag, tone, Icon] = found;
    const counted = flag === 'moving' && cell.progress !== undefined;
    return {
      tone,
      Icon,
      word: counted
        ? t('matrix.state.progress', { percent: `${cell.progress}` })
        : t(`matrix.state.${flag}`),
    };
  }
  switch (cell.basis) {
    case 'observed':
      return {
        tone: 'ok',
        Icon: SuccessIcon,
        word: t('matrix.state.deployed'),
      };
    case 'declared':
      return {
        tone: 'neutral',
        Icon: SuccessIcon,
        word: t('matrix.state.declared'),
      };
    case 'none':
      return { tone: 'quiet', Icon: NotStartedIcon, word: t('matrix.never') };
    default:
      return {
        tone: 'neutral',
        Icon: UnknownIcon,
        word: t('matrix.state.unknown'),
      };
  }
}

/** How healthy what runs is. Only `healthy` ever looks like it. */
export function healthLook(cell: MatrixCell, t: T): CellLook {
  const [tone, Icon] = HEALTH[cell.health];
  return { tone, Icon, word: t(`matrix.health.${cell.health}`) };
}
