import { compareText } from '../canonical';
import type { CommitFact, CommitSpan } from './facts';

interface Node {
  /** Without those that would close a circle. */
  parents: Node[];
  sha: string;
  /** All parents are known. */
  whole: boolean;
  /** Somewhere below parents are missing. */
  holed: boolean;
  /** Longest way down: always above the generation of every parent. */
  generation: number;
}

/** What can be read off the parents of commits. */
export interface GraphSpan {
  shas: Set<string>;
  status: CommitSpan['status'];
  complete: boolean;
}

const HEAD = 1;
const BASE = 2;

/** A heap: the highest generation comes out first. */
class NodeQueue {
  readonly #heap: Node[] = [];

  push(node: Node): void {
    const heap = this.#heap;
    let at = heap.push(node) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (heap[up].generation >= heap[at].generation) break;
      [heap[up], heap[at]] = [heap[at], heap[up]];
      at = up;
    }
  }

  pop(): Node | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return top;
    heap[0] = last;
    let at = 0;
    for (;;) {
      let most = at;
      for (const down of [2 * at + 1, 2 * at + 2]) {
        if (
          down < heap.length &&
          heap[down].generation > heap[most].generation
        ) {
          most = down;
        }
      }
      if (most === at) return top;
      [heap[at], heap[most]] = [heap[most], heap[at]];
      at = most;
    }
  }
}

/** Commits with their parents. Circles (nobody can be trusted) are cut, missing commits make answers incomplete. */
export class CommitGraph {
  readonly #nodes = new Map<string, Node>();

  constructor(commits: ReadonlyMap<string, CommitFact>) {
    const shas = [...commits.keys()].sort(compareText);
    for (const sha of shas) this.#node(sha);
    for (const sha of shas) {
      const { parents } = commits.get(sha) ?? {};
      const node = this.#node(sha);
      node.whole = parents !== undefined;
      node.parents = [...new Set(parents ?? [])].map(each => this.#node(each));
    }
    for (const node of [...this.#nodes.values()]) settle(node);
  }

  /** What `head` has and `base` has not; undefined where the graph does not tell how they are related. */
  between(base: string, head: string): GraphSpan | undefined {
    const from = this.#nodes.get(base);
    const to = this.#nodes.get(head);
    if (!from || !to) return undefined;
    const { flags, own } = paint(from, to);
    const complete = [...own].every(node => node.whole);
    const shas = new Set([...own].map(node => node.sha));
    if (flags.get(to) !== HEAD) {
      return { shas: new Set(), status: 'behind', complete: true };
    }
    if (flags.get(from) !== BASE) return { shas, status: 'ahead', complete };
    const meet = [...flags.values()].includes(HEAD + BASE);
    return meet || (!from.holed && !to.holed)
      ? { shas, status: 'diverged', complete }
      : undefined;
  }

  /** Everything that is known to be in `head`, itself included. */
  upTo(head: string): { shas: Set<string>; complete: boolean } | undefined {
    const top = this.#nodes.get(head);
    if (!top) return undefined;
    const seen = new Set([top]);
    for (const node of seen) for (const each of node.parents) seen.add(each);
    return {
      shas: new Set([...seen].map(node => node.sha)),
      complete: !top.holed,
    };
  }

  #node(sha: string): Node {
    const known = this.#nodes.get(sha);
    if (known) return known;
    const made = {
      ...{ sha, parents: [], generation: 0 },
      ...{ whole: false, holed: false },
    };
    this.#nodes.set(sha, made);
    return made;
  }
}

/** Tells generations from the roots up, without recursion: histories are long. */
function settle(start: Node): void {
  if (start.generation > 0) return;
  const open = new Set<Node>();
  const stack = [start];
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (node.generation > 0) {
      stack.pop();
      continue;
    }
    if (!open.has(node)) {
      open.add(node);
      const parents = node.parents.filter(parent => !open.has(parent));
      if (parents.length < node.parents.length) node.whole = false;
      node.parents = parents;
      const unsettled = parents.filter(parent => parent.generation === 0);
      for (const parent of unsettled) stack.push(parent);
      if (unsettled.length > 0) continue;
    }
    stack.pop();
    open.delete(node);
    node.holed = !node.whole || node.parents.some(parent => parent.holed);
    node.generation =
      1 + node.parents.reduce((most, it) => Math.max(most, it.generation), 0);
  }
}

/**
 * Walks down from both ends at once, newest generation first, and stops where everything left is in both: the work is what lies between
 * them, not the whole history.
 */
function paint(
  base: Node,
  head: Node,
): { flags: Map<Node, number>; own: Set<Node> } {
  const flags = new Map<Node, number>([[base, BASE]]);
  flags.set(head, (flags.get(head) ?? 0) + HEAD);
  const queue = new NodeQueue();
  for (const node of flags.keys()) queue.push(node);
  const own = new Set<Node>();
  // How many in the queue are, as far as known, in `head` only.
  let open = flags.get(head) === HEAD ? 1 : 0;
  for (let node = queue.pop(); node && open > 0; node = queue.pop()) {
    const flag = flags.get(node) ?? 0;
    if (flag === HEAD) {
      open -= 1;
      own.add(node);
    }
    for (const parent of node.parents) {
      const before = flags.get(parent);
      const after = (before ?? 0) | flag;
      flags.set(parent, after);
      if (before === undefined) queue.push(parent);
      if (after === HEAD && before === undefined) open += 1;
      if (before === HEAD && after !== HEAD) open -= 1;
    }
  }
  return { flags, own };
}
