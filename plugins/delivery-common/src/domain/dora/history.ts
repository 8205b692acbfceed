import { canonical, compareText } from '../canonical';
import type { CommitFact, CommitSpan } from './facts';
import { commitsBySha } from './historyCommits';
import { CommitGraph } from './historyGraph';

/** What lies between two commits, as far as anybody told. */
export interface HistorySpan {
  /** What `head` has and `base` has not. */
  shas: ReadonlySet<string>;
  status: CommitSpan['status'] | 'unknown';
  /** False: there are more than these. */
  complete: boolean;
}

/** Answers what is in which commit; never throws, whatever the facts. */
export interface History {
  /** Without `base`: everything known to be in `head`. Undefined: nobody told how the two are related. */
  between(base: string | undefined, head: string): HistorySpan | undefined;
  /** True also for a commit and itself; undefined: not known. */
  isAncestor(a: string, b: string): boolean | undefined;
}

const NOTHING: HistorySpan = {
  ...{ shas: new Set(), status: 'identical', complete: true },
};

/** Longest chain of spans that is followed. */
const MAX_CHAIN = 1_000;

/** What vendors said of pairs of commits. */
class ToldSpans {
  readonly #byHead = new Map<string, Map<string, HistorySpan>>();

  constructor(spans: CommitSpan[]) {
    const sorted = spans
      .map(span => ({ span, text: canonical(span) }))
      .sort(
        (a, b) =>
          Number(b.span.complete) - Number(a.span.complete) ||
          b.span.shas.length - a.span.shas.length ||
          compareText(a.text, b.text),
      );
    for (const { span } of sorted) {
      const bases = this.#byHead.get(span.head) ?? new Map();
      if (!bases.has(span.base)) bases.set(span.base, toSpan(span));
      this.#byHead.set(span.head, bases);
    }
  }

  of(base: string, head: string): HistorySpan | undefined {
    return this.#byHead.get(head)?.get(base);
  }

  isAncestor(a: string, b: string): boolean | undefined {
    const there = this.of(a, b)?.status;
    if (there) return there === 'ahead' || there === 'identical';
    const back = this.of(b, a)?.status;
    if (back) return back === 'behind' || back === 'identical';
    const within = [...(this.#byHead.get(b)?.values() ?? [])];
    return within.some(({ shas }) => shas.has(a)) ? true : undefined;
  }

  /** Spans that follow on one another from `head` back to `base`. */
  chain(base: string, head: string): HistorySpan | undefined {
    const { ways } = this.#walk(head, base);
    if (!ways.has(base)) return undefined;
    const shas = new Set<string>();
    let complete = true;
    for (let way = ways.get(base); way; way = ways.get(way.head)) {
      for (const sha of way.span.shas) shas.add(sha);
      complete &&= way.span.complete;
    }
    return { shas, status: 'ahead', complete };
  }

  upTo(head: string): { shas: Set<string>; complete: boolean } | undefined {
    const { ways } = this.#walk(head);
    if (ways.size === 0) return undefined;
    const shas = new Set([head]);
    for (const [base, { span }] of ways) {
      shas.add(base);
      for (const sha of span.shas) shas.add(sha);
    }
    return { shas, complete: false };
  }

  /** Every base that can be reached, with the span that leads to it. */
  #walk(head: string, until?: string) {
    const ways = new Map<string, { head: string; span: HistorySpan }>();
    const heads = new Set([head]);
    for (const at of heads) {
      if (heads.size > MAX_CHAIN) break;
      for (const [base, span] of this.#byHead.get(at) ?? []) {
        const leads = span.status === 'ahead' || span.status === 'identical';
        if (!leads || heads.has(base)) continue;
        ways.set(base, { head: at, span });
        if (base === until) return { ways };
        heads.add(base);
      }
    }
    return { ways };
  }
}

/**
 * The history that facts tell. What a vendor said of two commits goes first; where it said nothing, or not all, the parents of the commits
 * answer, then spans that follow on one another.
 */
export function makeHistory(
  commits: CommitFact[],
  spans: CommitSpan[],
): History {
  const graph = new CommitGraph(commitsBySha(commits));
  const told = new ToldSpans(spans);
  return {
    between(base, head) {
      if (base === undefined) {
        const known = graph.upTo(head) ?? told.upTo(head);
        return known && { ...known, status: 'ahead' };
      }
      if (base === head) return NOTHING;
      const said = told.of(base, head);
      if (said?.complete) return said;
      const read = graph.between(base, head);
      if (said === undefined || read?.complete) {
        return read ?? told.chain(base, head);
      }
      return {
        shas: new Set([...said.shas, ...(read?.shas ?? [])]),
        ...{ status: said.status, complete: false },
      };
    },
    isAncestor(a, b) {
      if (a === b) return true;
      const said = told.isAncestor(a, b);
      if (said !== undefined) return said;
      const read = graph.between(a, b);
      if (read?.status === 'ahead') return true;
      if (read?.status === 'behind') return false;
      if (read?.complete) return false;
      return told.chain(a, b) ? true : undefined;
    },
  };
}

/** What is behind, or the same, brings nothing, whatever list comes with it. */
function toSpan({ status, shas, complete }: CommitSpan): HistorySpan {
  return status === 'behind' || status === 'identical'
    ? { shas: new Set(), status, complete: true }
    : { shas: new Set(shas), status, complete };
}
