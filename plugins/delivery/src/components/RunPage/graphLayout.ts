import type { JobGraph, JobGraphNode } from 'backstage-plugin-delivery-common';
import { NODE } from './graphSize';
import { routeEdges } from './routeEdges';

/** Room around the nodes of a reusable workflow, and for its name. */
const GROUP = { pad: 10, head: 22 };

export interface PlacedNode {
  node: JobGraphNode;
  x: number;
  y: number;
  height: number;
}

export interface PlacedGroup {
  id: string;
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface GraphLayout {
  width: number;
  height: number;
  columns: number;
  nodes: PlacedNode[];
  groups: PlacedGroup[];
  /** SVG path of each edge between two placed nodes. */
  edges: { from: string; to: string; path: string }[];
}

/** Nodes that stay together: those of one reusable workflow, or one alone. */
interface Block {
  group?: { id: string; name: string };
  first: number;
  last: number;
  columns: Map<number, JobGraphNode[]>;
  height: number;
}

const stackHeight = (nodes: JobGraphNode[]) =>
  nodes.length * (NODE.height + NODE.gapY) - NODE.gapY;

function blocksOf(graph: JobGraph): Block[] {
  const blocks = new Map<string, Block>();
  for (const node of graph.nodes) {
    const key = node.group === undefined ? `node:${node.id}` : node.group;
    const block = blocks.get(key) ?? {
      group:
        node.group === undefined
          ? undefined
          : graph.groups.find(group => group.id === node.group) ?? {
              id: node.group,
              name: node.group,
            },
      first: node.column,
      last: node.column,
      columns: new Map<number, JobGraphNode[]>(),
      height: 0,
    };
    block.first = Math.min(block.first, node.column);
    block.last = Math.max(block.last, node.column);
    block.columns.set(node.column, [
      ...(block.columns.get(node.column) ?? []),
      node,
    ]);
    blocks.set(key, block);
  }
  for (const block of blocks.values()) {
    const tallest = Math.max(...[...block.columns.values()].map(stackHeight));
    block.height = tallest + (block.group ? GROUP.head + 2 * GROUP.pad : 0);
  }
  return [...blocks.values()].sort((a, b) => a.first - b.first);
}

/** Puts each block on top of what already stands in its columns. */
function stack(blocks: Block[]): {
  tops: Map<Block, number>;
  floors: number[];
} {
  const floors: number[] = [];
  const tops = new Map<Block, number>();
  for (const block of blocks) {
    let top = 0;
    for (let c = block.first; c <= block.last; c += 1) {
      top = Math.max(top, floors[c] ?? 0);
    }
    tops.set(block, top);
    for (let c = block.first; c <= block.last; c += 1) {
      floors[c] = top + block.height + NODE.gapY;
    }
  }
  return { tops, floors: Array.from(floors, floor => floor ?? 0) };
}

/** Columns that share a block move together, so that a block is never torn. Gives the shift that centres each column. */
function shifts(blocks: Block[], floors: number[], total: number): number[] {
  const joined = floors.map((_, column) => column);
  const root = (column: number): number =>
    joined[column] === column ? column : root(joined[column]);
  for (const block of blocks) {
    for (let c = block.first + 1; c <= block.last; c += 1) {
      joined[root(c)] = root(block.first);
    }
  }
  const tallest = new Map<number, number>();
  floors.forEach((floor, column) => {
    const key = root(column);
    tallest.set(key, Math.max(tallest.get(key) ?? 0, floor));
  });
  return floors.map(
    (_, column) => (total - (tallest.get(root(column)) ?? 0)) / 2,
  );
}

/**
 * Places the nodes of a job graph: columns by dependency from left to right, parts of a reusable workflow kept together, every column
 * centred. Pure; an edge to a node that does not exist is left out.
 */
export function graphLayout(graph: JobGraph): GraphLayout {
  const blocks = blocksOf(graph);
  const { tops, floors } = stack(blocks);
  const total = Math.max(0, ...floors);
  const moved = shifts(blocks, floors, total);
  const left = (column: number) =>
    GROUP.pad + column * (NODE.width + NODE.gapX);

  const nodes: PlacedNode[] = [];
  const groups: PlacedGroup[] = [];
  for (const block of blocks) {
    const top = (tops.get(block) ?? 0) + (moved[block.first] ?? 0);
    if (block.group) {
      groups.push({
        ...block.group,
        x: left(block.first) - GROUP.pad,
        y: top,
        width:
          left(block.last) + NODE.width - left(block.first) + 2 * GROUP.pad,
        height: block.height,
      });
    }
    const inset = block.group ? GROUP.head + GROUP.pad : 0;
    const room = block.height - (block.group ? inset + GROUP.pad : 0);
    for (const [column, inColumn] of block.columns) {
      let y = top + inset + (room - stackHeight(inColumn)) / 2;
      for (const node of inColumn) {
        nodes.push({ node, x: left(column), y, height: NODE.height });
        y += NODE.height + NODE.gapY;
      }
    }
  }

  const columns = floors.length;
  const routes = routeEdges(graph.edges, nodes, groups);
  // A way around the outside may lead above the first node or below the last one.
  const above = Math.max(0, ...routes.map(route => -route.top));
  const below = Math.max(total - NODE.gapY, ...routes.map(r => r.bottom));
  return {
    columns,
    // Reading order: by column, then from top to bottom.
    nodes: nodes
      .map(entry => ({ ...entry, y: entry.y + above }))
      .sort((a, b) => a.x - b.x || a.y - b.y),
    groups: groups.map(group => ({ ...group, y: group.y + above })),
    width: columns === 0 ? 0 : left(columns - 1) + NODE.width + GROUP.pad,
    height: Math.max(0, below + above),
    edges: routes.map(({ from, to, path }) => ({
      from,
      to,
      path: path(above),
    })),
  };
}
