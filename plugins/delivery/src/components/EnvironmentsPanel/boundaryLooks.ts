import type { HealthBoundary } from 'backstage-plugin-delivery-common';
import {
  FailureIcon,
  NotStartedIcon,
  PendingIcon,
  SuccessIcon,
  UnknownIcon,
} from '../../ui';
import type { Tone } from '../../ui';

/** Sign and colour of one boundary; `unknown` is grey. */
export const BOUNDARY_LOOKS = {
  healthy: { tone: 'ok', Icon: SuccessIcon },
  unhealthy: { tone: 'error', Icon: FailureIcon },
  waiting: { tone: 'waiting', Icon: PendingIcon },
  unknown: { tone: 'quiet', Icon: UnknownIcon },
  not_reached: { tone: 'quiet', Icon: NotStartedIcon },
  absent: { tone: 'quiet', Icon: NotStartedIcon },
} satisfies Record<
  HealthBoundary['state'],
  { tone: Tone; Icon: typeof SuccessIcon }
>;

/** Those a service has: a worker without a target has none to be red. */
export function shownBoundaries(
  boundaries: readonly HealthBoundary[],
): HealthBoundary[] {
  return boundaries.filter(({ state }) => state !== 'absent');
}

/** The one that is open before anybody chooses: the first red one, else none. */
export function firstRed(
  boundaries: readonly HealthBoundary[],
): HealthBoundary | undefined {
  return boundaries.find(({ state }) => state === 'unhealthy');
}
