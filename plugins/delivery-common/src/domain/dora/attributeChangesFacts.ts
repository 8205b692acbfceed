import type { ExclusionReason } from '../../contract';
import { canonical, compareText } from '../canonical';
import type { ChangeFact, Instant } from './facts';
import type { DoraDeployment, Excluded } from './linked';

/**
 * Changes that can be believed, each once and in order. A direct commit that a pull request brought is no change of its own.
 *
 * @param excluded - what is left out is put here
 */
export function usableChanges(
  changes: ChangeFact[],
  asOf: Instant,
  excluded: Excluded[],
): ChangeFact[] {
  const sorted = changes
    .map(change => ({ change, text: canonical(change) }))
    .sort(
      (a, b) =>
        compareText(a.change.id, b.change.id) || compareText(a.text, b.text),
    );
  const brought = new Set(
    changes
      .filter(({ kind }) => kind === 'pull_request')
      .flatMap(({ mergeSha, commits }) => [
        mergeSha,
        ...(commits ?? []).map(({ sha }) => sha),
      ]),
  );
  const first = new Map<string, string>();
  const usable: ChangeFact[] = [];
  for (const { change, text } of sorted) {
    const why = whyNot(change, asOf);
    const before = first.get(change.id);
    if (before === text) continue;
    if (why) {
      excluded.push(changeLeftOut(change, ...why));
    } else if (before !== undefined) {
      const detail = 'told again with other content';
      excluded.push(changeLeftOut(change, 'duplicate', detail));
    } else if (change.kind === 'commit' && brought.has(change.mergeSha)) {
      const detail = 'is part of a pull request';
      excluded.push(changeLeftOut(change, 'duplicate', detail));
    } else {
      usable.push(change);
    }
    if (before === undefined) first.set(change.id, text);
  }
  return usable;
}

function whyNot(
  change: ChangeFact,
  asOf: Instant,
): [ExclusionReason, string] | undefined {
  const { id, mergeSha, openedAt, firstReviewAt, mergedAt } = change;
  if (!id || !mergeSha) return ['malformed', 'id or mergeSha is missing'];
  const times = [openedAt, firstReviewAt, mergedAt].filter(
    at => at !== undefined,
  );
  if (!times.every(Number.isFinite)) {
    return ['malformed', 'a time is not a number'];
  }
  return mergedAt !== undefined && mergedAt > asOf
    ? ['future', 'merged after the moment the facts were read']
    : undefined;
}

/** A change that is in no list of changes, and why. */
export function changeLeftOut(
  change: ChangeFact,
  reason: ExclusionReason,
  detail?: string,
  of: { service?: string; at?: Instant } = {},
): Excluded {
  const at = of.at ?? change.mergedAt;
  return {
    ...{ what: 'change', id: change.id, reason },
    ...(of.service !== undefined && { service: of.service }),
    ...(at !== undefined && Number.isFinite(at) && { at }),
    ...(detail !== undefined && { detail }),
    ...(change.title !== undefined && { title: change.title }),
    ...(change.url !== undefined && { url: change.url }),
  };
}

/** Changes of a deployment that nobody can name. */
export function batchLeftOut(
  deployment: DoraDeployment,
  reason: ExclusionReason,
  detail: string,
): Excluded {
  const { id, service, finishedAt, title, url } = deployment;
  return {
    ...{ what: 'change', id, service, reason, detail },
    ...(finishedAt !== undefined && { at: finishedAt }),
    ...(title !== undefined && { title }),
    ...(url !== undefined && { url }),
  };
}
