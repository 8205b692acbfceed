import type { ConformanceResult } from 'backstage-plugin-delivery-common';
import { FailureIcon, SuccessIcon, UnknownIcon } from '../../ui';
import type { Tone } from '../../ui';

/** Sign and colour of a result; the word belongs beside it. */
export const RESULT_LOOKS: Record<
  ConformanceResult,
  { tone: Tone; Icon: typeof SuccessIcon }
> = {
  pass: { tone: 'ok', Icon: SuccessIcon },
  fail: { tone: 'error', Icon: FailureIcon },
  unknown: { tone: 'quiet', Icon: UnknownIcon },
};

/** What needs somebody comes first. */
export const RESULT_ORDER: Record<ConformanceResult, number> = {
  ...{ fail: 0, unknown: 1, pass: 2 },
};
