import { graph, node } from '../../../dev/fixtures';
import { graphLayout } from './graphLayout';
import { NODE } from './graphSize';
import type { GraphLayout } from './graphLayout';

const overlap = (layout: GraphLayout) =>
  layout.nodes.flatMap((a, i) =>
    layout.nodes
      .slice(i + 1)
      .filter(
        b =>
          Math.abs(a.x - b.x) < NODE.width && Math.abs(a.y - b.y) < NODE.height,
      )
      .map(b => `${a.node.id} ${b.node.id}`),
  );

describe('graphLayout', () => {
  it('puts nodes into the columns they were given, none above another', () => {
    const layout = graphLayout(graph());
    const xs = new Map(layout.nodes.map(({ node: n, x }) => [n.column, x]));
    expect([...xs.keys()]).toEqual([0, 1, 2, 3]);
    expect([...xs.values()]).toEqual([...xs.values()].sort((a, b) => a - b));
    expect(overlap(layout)).toEqual([]);
  });

  it('centres a short column beside a tall one', () => {
    const layout = graphLayout(graph());
    const y = (id: string) => layout.nodes.find(n => n.node.id === id)!.y;
    expect(y('quality')).toBe((y('unit') + y('sast')) / 2);
  });

  it('keeps the nodes of a group inside its frame and all others outside', () => {
    const layout = graphLayout(
      graph({
        nodes: [
          node(),
          ...[1, 2, 3].map(column =>
            node({ id: `g/${column}`, column, group: 'g' }),
          ),
          ...[1, 2, 2, 3].map((column, i) => node({ id: `other${i}`, column })),
        ],
        groups: [{ id: 'g', name: 'G' }],
      }),
    );
    expect(overlap(layout)).toEqual([]);
    const [frame] = layout.groups;
    for (const { node: n, x, y } of layout.nodes) {
      const apart =
        x + NODE.width <= frame.x ||
        x >= frame.x + frame.width ||
        y + NODE.height <= frame.y ||
        y >= frame.y + frame.height;
      expect([n.id, apart]).toEqual([n.id, n.group !== 'g']);
    }
  });

  it('draws from the right side of one to the left side of the other', () => {
    const layout = graphLayout(graph());
    const at = (id: string) => layout.nodes.find(n => n.node.id === id)!;
    const edge = layout.edges.find(e => e.from === 'quality')!;
    const from = at('quality');
    const to = at(edge.to);
    expect(
      edge.path.startsWith(
        `M${from.x + NODE.width},${from.y + NODE.height / 2} `,
      ),
    ).toBe(true);
    expect(edge.path.endsWith(` ${to.x},${to.y + NODE.height / 2}`)).toBe(true);
  });

  it('leads an edge around what stands between, and around frames it has no part in', () => {
    const layout = graphLayout(
      graph({
        nodes: [
          node({ id: 'a' }),
          node({ id: 'b1', column: 1 }),
          node({ id: 'b2', column: 1 }),
          node({ id: 'g/c', column: 2, group: 'g' }),
          node({ id: 'd', column: 3 }),
        ],
        edges: [{ from: 'a', to: 'd' }],
        groups: [{ id: 'g', name: 'G' }],
      }),
    );
    const [{ path }] = layout.edges;
    const straight = [...path.matchAll(/([\d.]+),([\d.]+) L/g)].map(match => ({
      x: Number(match[1]),
      y: Number(match[2]),
    }));
    expect(straight).toHaveLength(2);
    for (const lane of straight) {
      expect(lane.y).toBeGreaterThanOrEqual(0);
      expect(lane.y).toBeLessThanOrEqual(layout.height);
      const met = [...layout.nodes, ...layout.groups].filter(
        box =>
          box.x <= lane.x &&
          lane.x < box.x + NODE.width &&
          box.y < lane.y &&
          lane.y < box.y + box.height,
      );
      expect(met).toEqual([]);
    }
  });

  it('keeps edges of strangers apart where they pass the same column', () => {
    const layout = graphLayout(
      graph({
        nodes: [
          ...['a1', 'a2'].map(id => node({ id })),
          node({ id: 'b', column: 1 }),
          ...['c1', 'c2'].map(id => node({ id, column: 2 })),
        ],
        edges: [
          { from: 'a1', to: 'c2' },
          { from: 'a2', to: 'c1' },
        ],
        groups: [],
      }),
    );
    const [first, second] = layout.edges.map(({ path }) =>
      Number(/,([\d.]+) L/.exec(path)?.[1]),
    );
    expect(Math.abs(first - second)).toBeGreaterThanOrEqual(6);
  });

  it('survives no nodes, an empty column, an unknown group and an edge to nowhere', () => {
    expect(graphLayout(graph({ nodes: [], edges: [] }))).toMatchObject({
      width: 0,
      height: 0,
      nodes: [],
    });
    const layout = graphLayout(
      graph({
        nodes: [node(), node({ id: 'far', column: 4, group: 'nobody' })],
        edges: [{ from: 'quality', to: 'nowhere' }],
        groups: [],
      }),
    );
    expect(layout.edges).toEqual([]);
    expect(Number.isFinite(layout.height)).toBe(true);
  });
});
