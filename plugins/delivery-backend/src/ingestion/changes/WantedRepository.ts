import type { RepositoryRow } from '../../database/rows';

/** What a service wants to know of its repository. */
export interface WantedChanges {
  /** Commits that lie between these, the most urgent (newest) pair first. */
  pairs: { base: string; head: string }[];
  /** Epoch milliseconds: nothing that was deployed before matters. */
  since: number;
  /** Also which files changes touch. */
  files: boolean;
}

/** Only a name that cannot move is asked for. */
const SHA = /^[0-9a-f]{7,64}$/i;

const keyOf = (pair: { base: string; head: string }) =>
  `${pair.base}...${pair.head}`;

/** What all services of a repository want together. */
export class WantedRepository {
  /** A pair came since the last turn. */
  fresh = false;
  /** What was wanted last was deployed after the list of pull requests was asked for. */
  listIsOld = false;
  /** There may be something to read. */
  look = true;
  /** There may be something to read again from then on. */
  lookAt = Infinity;
  /** When its turn was; the others come first. */
  servedAt = -Infinity;
  /** What was still to be read after the last turn. */
  pending = 0;
  private readonly services = new Map<string, WantedChanges>();

  constructor(public repository: RepositoryRow) {}

  /** Replaces what the service wanted. */
  want(
    repository: RepositoryRow,
    service: string,
    { pairs, since, files }: WantedChanges,
  ): void {
    const known = new Set(this.pairs.map(keyOf));
    const before = { files: this.files, since: this.since };
    this.repository = repository;
    const askable = pairs.filter(
      ({ base, head }) => SHA.test(base) && SHA.test(head) && base !== head,
    );
    this.services.set(service, { pairs: askable, since, files });
    const added = this.pairs.filter(pair => !known.has(keyOf(pair))).length;
    if (added > 0) {
      this.fresh = true;
      this.pending += added;
    }
    const more =
      added > 0 ||
      (this.files && !before.files) ||
      (this.since < before.since && this.pairs.length > 0);
    if (more) this.look = true;
  }

  /** Of several services, each has its turn. */
  get pairs(): { base: string; head: string }[] {
    const lists = [...this.services.values()].map(({ pairs }) => pairs);
    const found = new Map<string, { base: string; head: string }>();
    const longest = lists.reduce((max, { length }) => Math.max(max, length), 0);
    for (let at = 0; at < longest; at++) {
      for (const list of lists) {
        const pair = list[at];
        if (pair && !found.has(keyOf(pair))) found.set(keyOf(pair), pair);
      }
    }
    return [...found.values()];
  }

  get since(): number {
    return Math.min(...[...this.services.values()].map(({ since }) => since));
  }

  get files(): boolean {
    return [...this.services.values()].some(({ files }) => files);
  }
}
