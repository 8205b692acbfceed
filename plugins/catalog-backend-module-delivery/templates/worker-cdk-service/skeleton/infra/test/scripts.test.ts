import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const scripts = fileURLToPath(new URL('../../scripts/', import.meta.url));

const quoted = (value: object) => `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;

/** Runs a script with a command of ours in place of `aws` or `gh`, which notes its calls. */
const play = (
  t: TestContext,
  options: { command: string; answers: string; script: string; args: string[]; env?: object },
) => {
  const folder = mkdtempSync(join(tmpdir(), 'scripts-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = (name: string) => join(folder, name);
  writeFileSync(
    file(options.command),
    `#!/usr/bin/env bash\necho "$*" >> '${file('calls')}'\ncase "$*" in\n${options.answers}\nesac\n`,
    { mode: 0o755 },
  );
  for (const name of ['calls', 'output', 'summary']) writeFileSync(file(name), '');
  const { status, stdout } = spawnSync('bash', [join(scripts, options.script), ...options.args], {
    encoding: 'utf8',
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      TMPDIR: folder,
      POLL_SECONDS: '0',
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_REPOSITORY: 'acme/orders',
      GITHUB_SHA: 'f'.repeat(40),
      ...options.env,
    },
  });
  const read = (name: string) => readFileSync(file(name), 'utf8');
  return { status, stdout, calls: read('calls'), output: read('output'), summary: read('summary') };
};

const arn = 'arn:aws:cloudformation:eu-west-1:222222222222:changeSet/gha-1/x';
const prepare = (t: TestContext, description: object, stack = 'None') =>
  play(t, {
    command: 'aws',
    script: 'prepare-change-set.sh',
    args: ['orders-production', 'gha-1', 't.json', 'arn:aws:iam::222222222222:role/exec'],
    answers: [
      `*list-stacks*) echo '${stack}' ;;`,
      `*create-change-set*) echo '${arn}' ;;`,
      `*describe-change-set*) echo ${quoted(description)} ;;`,
    ].join('\n'),
  });
const change = (ResourceType: string, Replacement: string) => ({
  ResourceChange: { Action: 'Modify', LogicalResourceId: 'It', ResourceType, Replacement },
});

test('a change set is prepared and shown, never executed', t => {
  const { status, calls, output, summary } = prepare(t, {
    Status: 'CREATE_COMPLETE',
    Changes: [change('AWS::ECS::TaskDefinition', 'True')],
  });
  assert.equal(status, 0);
  assert.match(calls, /--change-set-type CREATE .*--role-arn arn:aws:iam::222222222222:role\/exec/);
  assert.doesNotMatch(calls, /execute-change-set/);
  assert.match(output, new RegExp(`^change-set=${arn}\nsum=[0-9a-f]{64}\n$`));
  assert.match(summary, /### orders-production\n\n[^]*AWS::ECS::TaskDefinition/);
});

test('a change set that would lose the queue is shown and stops the run', t => {
  const { status, output, summary } = prepare(
    t,
    { Status: 'CREATE_COMPLETE', Changes: [change('AWS::SQS::Queue', 'True')] },
    'arn:of:stack',
  );
  assert.equal(status, 1);
  assert.equal(output, '');
  assert.match(summary, /AWS::SQS::Queue/);
});

test('nothing to change asks nobody for approval', t => {
  const description = {
    Status: 'FAILED',
    StatusReason: "The submitted information didn't contain changes.",
  };
  const { status, output, calls } = prepare(t, description, 'arn:of:stack');
  assert.equal(status, 0);
  assert.equal(output, 'change-set=\n');
  assert.match(calls, /--change-set-type UPDATE/);
  assert.match(calls, /delete-change-set/);
});

test('a change set that changed after the approval is not executed', t => {
  const description = { StackName: 'orders-production', ExecutionStatus: 'AVAILABLE', Changes: [] };
  const check = (sum: string) =>
    play(t, {
      command: 'aws',
      script: 'check-change-set.sh',
      args: ['orders-production', arn, sum],
      answers: [
        `*describe-change-set*) echo ${quoted(description)} ;;`,
        `*describe-stacks*) echo REVIEW_IN_PROGRESS ;;`,
      ].join('\n'),
    });
  const sum = '37517e5f3dc66819f61f5a7bb8ace1921282415f10551d2defa5c3eb0985b570';
  assert.equal(check(sum).output, 'waiter=stack-create-complete\n');
  const other = check('0'.repeat(64));
  assert.equal(other.status, 1);
  assert.match(other.stdout, /not what was approved/);
});

const wait = (t: TestContext, jobs: object[], run = '7') =>
  play(t, {
    command: 'gh',
    script: 'wait-for-infra.sh',
    args: ['0', 'dev', 'production'],
    answers: `*runs\\?head_sha=*) echo '${run}' ;;\n*/jobs*) echo ${quoted({ jobs })} ;;`,
    env: { BEFORE: '' },
  });

test('the app goes on when the stacks of its commit are there, or had nothing to change', t => {
  const jobs = [
    { name: 'Stack in dev', conclusion: 'success' },
    { name: 'Change set for production', conclusion: 'success' },
    { name: 'Stack in production', conclusion: 'skipped' },
  ];
  const { status, calls } = wait(t, jobs);
  assert.equal(status, 0);
  assert.match(calls, /head_sha=f{40}/);
});

test('the app stops when a stack of its commit failed, was left out, or takes too long', t => {
  const failed = wait(t, [{ name: 'Stack in dev', conclusion: 'failure' }]);
  assert.equal(failed.status, 1);
  assert.match(failed.stdout, /in dev ended as failure/);
  const refused = wait(t, [
    { name: 'Stack in dev', conclusion: 'success' },
    { name: 'Change set for production', conclusion: 'failure' },
    { name: 'Stack in production', conclusion: 'skipped' },
  ]);
  assert.match(refused.stdout, /in production ended as skipped/);
  const late = wait(t, [{ name: 'Stack in dev', conclusion: null }]);
  assert.match(late.stdout, /not there yet/);
});

test('a commit without a run of the infrastructure waits for nothing', t => {
  const { status, stdout } = wait(t, [], '');
  assert.equal(status, 0);
  assert.match(stdout, /leaves the infrastructure as it is/);
});
