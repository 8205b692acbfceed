import type { JobGraph } from 'backstage-plugin-delivery-common';
import { NODE } from './graphSize';
import type { PlacedGroup, PlacedNode } from './graphLayout';

/** Room between a line and what it passes. */
const CLEAR = 7;
/** Room between lines that have nothing to do with each other. */
const APART = 6;

export interface EdgeRoute {
  from: string;
  to: string;
  /** Highest and lowest point it needs. */
  top: number;
  bottom: number;
  /** SVG path, moved down by `dy`. */
  path: (dy: number) => string;
}

type Edge = JobGraph['edges'][number];
interface Span {
  top: number;
  bottom: number;
}

/** The free height nearest to the wanted one. */
function freeHeight(wanted: number, taken: Span[]): number {
  const inside = (y: number) => taken.some(s => y > s.top && y < s.bottom);
  if (!inside(wanted)) return wanted;
  return taken
    .flatMap(span => [span.top, span.bottom])
    .filter(y => !inside(y))
    .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];
}

const widen = (span: { y: number; height: number }, by: number): Span => ({
  top: span.y - by,
  bottom: span.y + span.height + by,
});

/** Curves between columns, straight lines across them. */
function draw(points: { x: number; y: number }[], dy: number): string {
  const [first, ...rest] = points;
  const parts = [`M${first.x},${first.y + dy} `];
  rest.forEach((to, index) => {
    const from = points[index];
    if (index % 2 === 1) {
      parts.push(`L${to.x},${to.y + dy} `);
      return;
    }
    const bend = Math.max(20, Math.min(NODE.gapX, (to.x - from.x) / 2));
    parts.push(
      `C${from.x + bend},${from.y + dy} ${to.x - bend},${to.y + dy} ${to.x},${
        to.y + dy
      } `,
    );
  });
  return parts.join('').trim();
}

/**
 * Draws every edge from the right of one node to the left of another. One that passes columns in between takes the nearest way above,
 * below or between their nodes, and around the frames of reusable workflows it has no part in; edges of strangers keep apart.
 * Edges to a node that does not exist are left out.
 */
export function routeEdges(
  edges: Edge[],
  nodes: PlacedNode[],
  groups: PlacedGroup[],
): EdgeRoute[] {
  const placed = new Map(nodes.map(entry => [entry.node.id, entry]));
  const lanes: { column: number; y: number; edge: Edge }[] = [];

  const crossed = (
    edge: Edge,
    a: PlacedNode,
    b: PlacedNode,
    column: number,
  ) => {
    const inColumn = nodes.filter(entry => entry.node.column === column);
    const x = inColumn[0]?.x;
    if (x === undefined) return undefined;
    const own = [a.node.group, b.node.group];
    const frames = groups.filter(
      group =>
        !own.includes(group.id) && group.x <= x && x <= group.x + group.width,
    );
    const strangers = lanes.filter(
      lane =>
        lane.column === column &&
        lane.edge.from !== edge.from &&
        lane.edge.to !== edge.to,
    );
    return {
      x,
      taken: [
        ...[...inColumn, ...frames].map(entry => widen(entry, CLEAR)),
        ...strangers.map(lane => widen({ y: lane.y, height: 0 }, APART)),
      ],
    };
  };

  return edges.flatMap(edge => {
    const a = placed.get(edge.from);
    const b = placed.get(edge.to);
    if (!a || !b) return [];
    const start = { x: a.x + NODE.width, y: a.y + a.height / 2 };
    const end = { x: b.x, y: b.y + b.height / 2 };
    const points = [start];
    for (let c = a.node.column + 1; c < b.node.column; c += 1) {
      const passed = crossed(edge, a, b, c);
      if (!passed) continue;
      const share = (passed.x + NODE.width / 2 - start.x) / (end.x - start.x);
      const wanted = start.y + (end.y - start.y) * share;
      const y = freeHeight(wanted, passed.taken);
      lanes.push({ column: c, y, edge });
      points.push({ x: passed.x, y }, { x: passed.x + NODE.width, y });
    }
    points.push(end);
    const ys = points.map(point => point.y);
    return [
      {
        ...edge,
        top: Math.min(...ys) - 1,
        bottom: Math.max(...ys) + 1,
        path: (dy: number) => draw(points, dy),
      },
    ];
  });
}
