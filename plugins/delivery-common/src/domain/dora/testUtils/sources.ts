import { DEFAULT_DORA_SETTINGS } from '../../../contract';
import type { DoraSettings } from '../../../contract';
import type { DeploymentSource } from '../facts';
import { mergeSources } from '../mergeSources';

export const MINUTE = 60_000;
/** A moment the tests count minutes from. */
export const T0 = Date.UTC(2026, 2, 2, 10);
export const at = (minutes: number) => T0 + minutes * MINUTE;
export const AS_OF = at(100_000);
export const API = 'component:default/api';

/** A success in production from minute `from` to minute `to`; nobody said who told of it. */
export function source(
  id: string,
  [from, to]: [from: number, to: number],
  part: Partial<DeploymentSource> = {},
): DeploymentSource {
  return {
    ...{ id, source: 'other', service: API, status: 'succeeded' },
    ...{ environment: 'production', tier: 'production' },
    ...{ startedAt: at(from), finishedAt: at(to) },
    ...part,
  };
}

/** As `mergeSources` at `AS_OF`. */
export function merge(
  sources: DeploymentSource[],
  part: Partial<DoraSettings> = {},
) {
  return mergeSources(sources, {
    settings: { ...DEFAULT_DORA_SETTINGS, ...part },
    asOf: AS_OF,
  });
}
