import { byFinish, stays } from './evidenceTimes';
import type { DoraDeployment } from './linked';

type Finished = DoraDeployment & { finishedAt: number };

/** What was deployed after a failure, of one sequence. */
export class NextDeployments {
  readonly #rows: Finished[];
  readonly #positions: Map<string, number>;
  /** Position of the next of those that stay, itself included. */
  readonly #nextStaying: number[];
  /** Of one that stays: position of the next one that stays and is of something else. */
  readonly #nextOther: number[];

  constructor(sequence: DoraDeployment[]) {
    this.#rows = byFinish(sequence);
    this.#positions = new Map(this.#rows.map(({ id }, i) => [id, i]));
    const end = this.#rows.length;
    this.#nextStaying = new Array(end + 1).fill(end);
    this.#nextOther = new Array(end + 1).fill(end);
    for (let i = end - 1; i >= 0; i--) {
      const later = this.#nextStaying[i + 1];
      this.#nextStaying[i] = stays(this.#rows[i]) ? i : later;
      this.#nextOther[i] = this.#isSame(i, later)
        ? this.#nextOther[later]
        : later;
    }
  }

  /**
   * The next one that stays, and was live no earlier than the failure was known: what went live before did not end it. Undefined: none.
   *
   * @param sameAgain - true where the same commit, deployed again, ends it as well
   */
  after(deployment: DoraDeployment, sameAgain: boolean): Finished | undefined {
    const position = this.#positions.get(deployment.id);
    if (position === undefined) return undefined;
    let next = this.#nextStaying[position + 1];
    const known = deployment.detectedAt ?? deployment.finishedAt!;
    const at = this.#firstAt(known);
    if (at > next) next = this.#nextStaying[at];
    if (!sameAgain && isSameSha(this.#rows[next]?.sha, deployment.sha)) {
      next = this.#nextOther[next];
    }
    return this.#rows[next];
  }

  #isSame(a: number, b: number): boolean {
    return isSameSha(this.#rows[a]?.sha, this.#rows[b]?.sha);
  }

  /** Position of the first that finished at that moment or later. */
  #firstAt(at: number): number {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle].finishedAt < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Commits that are not known are not known to be the same. */
function isSameSha(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}
