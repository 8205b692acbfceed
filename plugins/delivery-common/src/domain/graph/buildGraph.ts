import type { JobGraph, JobGraphNode } from '../../contract';
import {
  type Expanded,
  expandWorkflow,
  type FindReusable,
} from './expandWorkflow';
import { byStart, flatGraph, type GraphJob } from './flatGraph';
import { jointState } from './jointState';
import { calleesPattern, hasExpression, namePattern } from './namePattern';
import { placeJobs, type Slot } from './placeJobs';
import { GraphRefusal, type Workflow } from './Workflow';

const MAX_JOBS = 1_000;
const MAX_EDGES = 5_000;
/** Steps of name matching: some tens of milliseconds at most. */
const EFFORT = 20_000_000;

/**
 * Puts the jobs of one attempt into the graph of its workflow. Columns follow the longest path over `needs`; jobs of reusable workflows
 * stand between what their caller needs and what needs it; a matrix is one node. Jobs that match no single node are `unplaced`; when
 * there is no sound graph the result is flat, with the reason. Never throws.
 *
 * @param options - `reusable` finds the file of a `uses`, which is given as `./path` or `owner/name/path@ref`; a file it does not find
 * makes the caller one node that holds all its jobs
 * @public
 */
export function buildGraph(options: {
  workflow: Workflow;
  reusable: FindReusable;
  jobs: GraphJob[];
}): JobGraph {
  const { workflow, reusable, jobs } = options;
  try {
    if (jobs.length > MAX_JOBS) {
      throw new GraphRefusal(
        'graph_too_large',
        `The run has ${jobs.length} jobs; at most ${MAX_JOBS} are drawn as a graph.`,
      );
    }
    return place(expandWorkflow(workflow, reusable), byStart(jobs));
  } catch (error) {
    if (error instanceof GraphRefusal)
      return flatGraph(jobs, error.toProblem());
    throw error;
  }
}

/** Id of the place for jobs of a file that could not be read; no key holds a `*`. */
function calleesId(id: string): string {
  return `${id}/*`;
}

function place(roots: Expanded[], jobs: GraphJob[]): JobGraph {
  const slots: Slot[] = [];
  forEach(roots, item => slots.push(...slotsOf(item)));
  const placed = placeJobs(slots, jobs, { left: EFFORT });
  foldUnopened(roots, placed);

  const nodes: JobGraphNode[] = [];
  const groups: JobGraph['groups'] = [];
  forEach(roots, item => {
    if (item.children) {
      groups.push({ id: item.id, name: literalName(item) });
      return;
    }
    const keys = new Set([
      ...(placed.get(item.id) ?? []),
      ...(placed.get(calleesId(item.id)) ?? []),
    ]);
    nodes.push(
      nodeOf(
        item,
        jobs.filter(job => keys.has(job.jobKey)),
      ),
    );
  });

  const edges = edgesOf(roots);
  setColumns(nodes, edges);
  const shown = new Set(nodes.flatMap(node => node.jobs));
  return {
    kind: 'placed',
    nodes: nodes
      .map((node, order) => ({ node, order }))
      .sort((a, b) => a.node.column - b.node.column || a.order - b.order)
      .map(({ node }) => node),
    edges,
    groups,
    unplaced: jobs.map(job => job.jobKey).filter(key => !shown.has(key)),
  };
}

function forEach(items: Expanded[], visit: (item: Expanded) => void) {
  for (const item of items) {
    visit(item);
    forEach(item.children ?? [], visit);
  }
}

function isRepeated(item: Expanded): boolean {
  return item.path.some(job => job.matrix);
}

/** A caller has a place of its own: skipped as a whole, it is one job with the caller's name. */
function slotsOf(item: Expanded): Slot[] {
  const slots: Slot[] = [
    {
      id: item.id,
      pattern: namePattern(item.path),
      many: isRepeated(item),
    },
  ];
  if (item.path.at(-1)?.uses && !item.children) {
    slots.push({
      id: calleesId(item.id),
      pattern: calleesPattern(item.path),
      many: true,
    });
  }
  return slots;
}

/** A caller that became a job itself never opened its file: it is that one node, unless jobs of the file exist too. */
function foldUnopened(items: Expanded[], placed: Map<string, string[]>) {
  for (const item of items) {
    if (!item.children) continue;
    let opened = false;
    forEach(item.children, child => {
      opened =
        opened || placed.has(child.id) || placed.has(calleesId(child.id));
    });
    if (placed.has(item.id) && !opened) item.children = undefined;
    else foldUnopened(item.children, placed);
  }
}

function literalName(item: Expanded): string {
  const { name, key } = item.path[item.path.length - 1];
  return name === undefined || hasExpression(name) ? key : name;
}

function nodeOf(item: Expanded, jobs: GraphJob[]): JobGraphNode {
  const job = item.path[item.path.length - 1];
  const matrix = isRepeated(item) || jobs.length > 1;
  const literal = job.environment;
  const fromFile = literal && !hasExpression(literal) ? literal : undefined;
  const evaluated =
    jobs.length === 1 && !matrix && job.name && hasExpression(job.name)
      ? jobs[0].name.split(' / ').at(-1)
      : undefined;
  return {
    id: item.id,
    name: evaluated || literalName(item),
    column: 0,
    group: item.group,
    jobs: jobs.map(({ jobKey }) => jobKey),
    matrix,
    environment:
      jobs.find(({ environment }) => environment)?.environment ?? fromFile,
    state: jointState(jobs.map(({ state }) => state)),
  };
}

/** Jobs inside `item` that need nothing (`first`), or that nothing needs (`last`), within their own file. */
function ends(item: Expanded, side: 'first' | 'last'): string[] {
  if (!item.children) return [item.id];
  const needed = new Set(item.children.flatMap(child => child.needs));
  return item.children
    .filter(child =>
      side === 'first' ? child.needs.length === 0 : !needed.has(child.id),
    )
    .flatMap(child => ends(child, side));
}

function edgesOf(roots: Expanded[]): JobGraph['edges'] {
  const edges: JobGraph['edges'] = [];
  const connect = (items: Expanded[]) => {
    const byId = new Map(items.map(item => [item.id, item]));
    for (const item of items) {
      for (const need of item.needs) {
        const needed = byId.get(need);
        for (const from of needed ? ends(needed, 'last') : []) {
          for (const to of ends(item, 'first')) edges.push({ from, to });
          if (edges.length > MAX_EDGES) {
            throw new GraphRefusal(
              'graph_too_large',
              `The graph has more than ${MAX_EDGES} connections.`,
            );
          }
        }
      }
      connect(item.children ?? []);
    }
  };
  connect(roots);
  return edges;
}

/** Longest path from a node that needs nothing. There is no cycle: each file has none and calls only nest. */
function setColumns(nodes: JobGraphNode[], edges: JobGraph['edges']) {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const open = new Map(nodes.map(node => [node.id, 0]));
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    open.set(to, (open.get(to) ?? 0) + 1);
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  const ready = nodes.filter(node => open.get(node.id) === 0);
  for (let node = ready.pop(); node; node = ready.pop()) {
    for (const id of next.get(node.id) ?? []) {
      const target = byId.get(id);
      if (!target) continue;
      target.column = Math.max(target.column, node.column + 1);
      const left = (open.get(id) ?? 0) - 1;
      open.set(id, left);
      if (left === 0) ready.push(target);
    }
  }
}
