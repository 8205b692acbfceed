import { readWorkflowFile, WorkflowFileError } from './workflowFile';

const JOB = "  a:\n    runs-on: x\n    steps: [{ run: 'true' }]\n";

describe('readWorkflowFile', () => {
  it('reads what the engine plays', () => {
    const file = readWorkflowFile(
      'ci.yml',
      `name: CI\non: [push, workflow_dispatch]\njobs:\n${JOB}  b:\n    needs: a\n    uses: ./x.yml\n    with: { n: 1 }\n`,
    );
    expect([...file.on.keys()]).toEqual(['push', 'workflow_dispatch']);
    expect(file.jobs.get('b')).toMatchObject({
      needs: ['a'],
      uses: './x.yml',
      with: { n: 1 },
    });
  });

  const lol = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  'bcdefg'.split('').forEach((name, index) => {
    const before = 'abcdef'[index];
    const list = Array(10).fill(`*${before}`).join(', ');
    lol.push(`${name}: &${name} [${list}]`);
  });

  it.each<[string, string]>([
    ['no YAML', 'a: [1'],
    ['no trigger', `jobs:\n${JOB}`],
    ['no jobs', 'on: push\njobs: {}\n'],
    ['an unknown key', `on: push\njob: 1\njobs:\n${JOB}`],
    ['an unknown job key', `on: push\njobs:\n${JOB}    step: 1\n`],
    ['unknown needs', `on: push\njobs:\n${JOB}    needs: b\n`],
    [
      'circular needs',
      `on: push\njobs:\n${JOB}    needs: b\n${JOB.replace(
        'a:',
        'b:',
      )}    needs: a\n`,
    ],
    ['no runner', 'on: push\njobs:\n  a:\n    steps: []\n'],
    [
      'a step that does nothing',
      'on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{ name: x }]\n',
    ],
    ['a broken expression', `on: push\njobs:\n${JOB}    name: \${{ a b }}\n`],
    ['many aliases', lol.join('\n')],
    ['a huge file', `#${'x'.repeat(600_000)}\non: push\njobs:\n${JOB}`],
  ])('refuses %s', (_what, text) => {
    expect(() => readWorkflowFile('a.yml', text)).toThrow(WorkflowFileError);
  });
});
