import { fillTemplate } from './fillTemplate';

describe('fillTemplate', () => {
  it('puts values in their places, at any depth', () => {
    expect(
      fillTemplate(
        {
          spec: {
            hosts: [{ $delivery: 'host' }, 'else'],
            ref: { $delivery: 'workflows.ref' },
            text: '$delivery: host',
            none: null,
          },
        },
        { host: 'github.com', workflows: { ref: 'v1' } },
      ),
    ).toEqual({
      spec: {
        hosts: ['github.com', 'else'],
        ref: 'v1',
        text: '$delivery: host',
        none: null,
      },
    });
  });

  it('leaves out what has no value', () => {
    expect(
      fillTemplate(
        { key: { $delivery: 'key' }, list: [{ $delivery: 'key' }], rest: 1 },
        { key: undefined },
      ),
    ).toEqual({ list: [], rest: 1 });
  });

  it.each(['unknown', 'workflows.unknown', 'host.length'])(
    'does not know %s',
    key => {
      expect(() =>
        fillTemplate(
          { key: { $delivery: key } },
          { host: 'github.com', workflows: {} },
        ),
      ).toThrow(`A template asks for the unknown value ${key}.`);
    },
  );
});
