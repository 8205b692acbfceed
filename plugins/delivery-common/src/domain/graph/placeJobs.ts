import { type Effort, matchesName, type NamePattern } from './namePattern';

/** A place jobs can be put: a node of the graph. */
export interface Slot {
  id: string;
  pattern: NamePattern;
  /** True when several jobs may be this node: legs of a matrix, or jobs of a file that could not be read. */
  many: boolean;
}

/**
 * Says which job of a run is which node, by name, the only thing GitHub gives. What is exactly a name of the file goes first, then what
 * shares most literal text; a name that is only an expression matches everything and takes a job only as its last possible node.
 * Whatever stays open between two nodes is not placed: a graph never shows a guess.
 *
 * @returns keys of jobs by slot id; a job that is in none of them is unplaced
 */
export function placeJobs(
  slots: Slot[],
  jobs: { jobKey: string; name: string }[],
  effort: Effort,
): Map<string, string[]> {
  const placed = new Map<string, string[]>();
  const isOpen = (slot: Slot) => slot.many || !placed.has(slot.id);

  const place = (
    waiting: { jobKey: string; name: string }[],
    choose: (name: string) => Slot | undefined,
  ) => {
    const wishes = new Map<Slot, { jobKey: string; name: string }[]>();
    for (const job of waiting) {
      const slot = choose(job.name);
      if (slot) wishes.set(slot, [...(wishes.get(slot) ?? []), job]);
    }
    const done = new Set<string>();
    for (const [slot, takers] of wishes) {
      // Two jobs for one place: which of them it is would be a guess.
      if (takers.length > 1 && !slot.many) continue;
      const keys = takers.map(job => job.jobKey);
      placed.set(slot.id, [...(placed.get(slot.id) ?? []), ...keys]);
      keys.forEach(key => done.add(key));
    }
    return waiting.filter(job => !done.has(job.jobKey));
  };

  const literals = new Map<string, Slot[]>();
  for (const slot of slots) {
    const { literal } = slot.pattern;
    if (literal !== undefined) {
      literals.set(literal, [...(literals.get(literal) ?? []), slot]);
    }
  }
  const exact = (name: string): Slot | undefined => {
    const found = literals.get(name) ?? [];
    return found.length === 1 ? found[0] : undefined;
  };
  const ambiguous = (name: string) => (literals.get(name) ?? []).length > 1;

  const longest = (name: string): Slot | undefined => {
    const found = slots
      .filter(slot => slot.pattern.literalLength > 0 && isOpen(slot))
      .filter(slot => matchesName(slot.pattern, name, effort));
    const best = Math.max(...found.map(slot => slot.pattern.literalLength));
    const winners = found.filter(slot => slot.pattern.literalLength === best);
    return winners.length === 1 ? winners[0] : undefined;
  };

  const last = (name: string): Slot | undefined => {
    const found = slots
      .filter(isOpen)
      .filter(slot => matchesName(slot.pattern, name, effort));
    return found.length === 1 ? found[0] : undefined;
  };

  const afterExact = place(jobs, exact).filter(job => !ambiguous(job.name));
  place(place(afterExact, longest), last);
  return placed;
}
