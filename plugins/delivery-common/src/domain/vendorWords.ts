import type { Conclusion, State, Status } from '../model';
import { CONCLUSIONS } from '../model';

// A Map, not an object: the words come from outside and may be `constructor`.
const STATUS_OF = new Map<string, Status>([
  ['requested', 'queued'],
  ['queued', 'queued'],
  ['pending', 'queued'],
  ['waiting', 'waiting'],
  ['in_progress', 'in_progress'],
  ['completed', 'completed'],
]);

/** A vendor's status word in ours; a word that is not known gives `unknown`. @public */
export function toStatus(raw: string | null | undefined): Status {
  return STATUS_OF.get((raw ?? '').toLowerCase()) ?? 'unknown';
}

/**
 * A vendor's conclusion word in ours; a word that is not known gives `unknown`, no word gives none.
 * @public
 */
export function toConclusion(
  raw: string | null | undefined,
): Conclusion | undefined {
  if (raw === null || raw === undefined || raw === '') return undefined;
  const word = raw.toLowerCase();
  return CONCLUSIONS.find(known => known === word) ?? 'unknown';
}

/**
 * Both words together. Only a completed thing has a conclusion: one told too early is kept as raw word but not believed, and a
 * completed thing without one concludes `unknown`, so that nothing looks like a success by omission.
 * @public
 */
export function toState(
  rawStatus: string | null | undefined,
  rawConclusion?: string | null,
): State {
  const status = toStatus(rawStatus);
  const state: State = { status, rawStatus: rawStatus ?? '' };
  if (rawConclusion) state.rawConclusion = rawConclusion;
  if (status === 'completed') {
    state.conclusion = toConclusion(rawConclusion) ?? 'unknown';
  }
  return state;
}
