import { graph, node } from '../../../dev/fixtures';
import { graphLayout, NODE } from './graphLayout';
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
