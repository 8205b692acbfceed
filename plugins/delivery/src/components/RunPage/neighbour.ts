import type { PlacedNode } from './graphLayout';

/** Node that an arrow key leads to; undefined for other keys and at the rim. */
export function neighbour(
  nodes: PlacedNode[],
  from: string,
  key: string,
): string | undefined {
  const here = nodes.find(entry => entry.node.id === from);
  if (!here) return undefined;
  const column = (step: number) =>
    [...new Set(nodes.map(entry => entry.x))].sort((a, b) => a - b)[
      [...new Set(nodes.map(entry => entry.x))]
        .sort((a, b) => a - b)
        .indexOf(here.x) + step
    ];
  const nearest = (candidates: PlacedNode[]) =>
    [...candidates].sort(
      (a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y),
    )[0]?.node.id;
  switch (key) {
    case 'ArrowRight':
      return nearest(nodes.filter(entry => entry.x === column(1)));
    case 'ArrowLeft':
      return nearest(nodes.filter(entry => entry.x === column(-1)));
    case 'ArrowDown':
      return nearest(
        nodes.filter(entry => entry.x === here.x && entry.y > here.y),
      );
    case 'ArrowUp':
      return nearest(
        nodes.filter(entry => entry.x === here.x && entry.y < here.y),
      );
    default:
      return undefined;
  }
}
