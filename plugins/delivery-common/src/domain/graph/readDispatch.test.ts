import * as fc from 'fast-check';
import { readWorkflow } from './readWorkflow';

const JOBS = 'jobs: { build: { runs-on: ubuntu-latest } }';

function dispatch(on: string) {
  const { workflow, problem } = readWorkflow(`on: ${on}\n${JOBS}`);
  expect(problem).toBeUndefined();
  return workflow?.dispatch;
}

describe('readDispatch', () => {
  it.each([
    ['workflow_dispatch', []],
    ['[push, workflow_dispatch]', []],
    ['{ push: {}, workflow_dispatch: }', []],
    ['{ workflow_dispatch: { inputs: } }', []],
    ['push', undefined],
    ['[push, pull_request]', undefined],
    ['{ push: { branches: [workflow_dispatch] } }', undefined],
    ['7', undefined],
  ])('on: %s', (on, expected) => {
    expect(dispatch(on)).toEqual(expected);
  });

  it('reads inputs as written', () => {
    expect(
      dispatch(`
  workflow_dispatch:
    inputs:
      where:
        { description: Where to, type: choice, options: [staging, 1.10], required: true }
      dry: { type: boolean, default: true }
      bare:
      odd: { type: colour }`),
    ).toEqual([
      {
        name: 'where',
        description: 'Where to',
        type: 'choice',
        options: ['staging', '1.10'],
        required: true,
      },
      { name: 'dry', type: 'boolean', default: 'true', required: false },
      { name: 'bare', type: 'string', required: false },
      { name: 'odd', type: 'unknown', required: false },
    ]);
  });

  it.each([
    ['a name that is none', '{ "__proto__ x": {} }'],
    ['a description that is a list', '{ a: { description: [1] } }'],
    [
      'too many inputs',
      `{ ${Array.from({ length: 51 }, (_, i) => `i${i}: {}`).join(', ')} }`,
    ],
  ])('takes %s as "cannot", and keeps the graph', (_what, inputs) => {
    expect(
      dispatch(`{ workflow_dispatch: { inputs: ${inputs} } }`),
    ).toBeUndefined();
  });

  it('never fails the graph, whatever stands there', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const { workflow } = readWorkflow(
          `on: ${JSON.stringify({
            workflow_dispatch: { inputs: value },
          })}\n${JOBS}`,
        );
        expect(workflow?.jobs).toHaveLength(1);
      }),
    );
  });
});
