import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reviewChangeSet } from '../tools/change-set.ts';

const setOf = (...changes: Record<string, string>[]) => ({
  Changes: changes.map(ResourceChange => ({ ResourceChange })),
});
const queue = { LogicalResourceId: 'Queue', ResourceType: 'AWS::SQS::Queue' };

test('a change that keeps what is there passes and is listed', () => {
  const { markdown, refused } = reviewChangeSet(
    setOf(
      { ...queue, Action: 'Modify', Replacement: 'False' },
      { LogicalResourceId: 'Task', ResourceType: 'AWS::ECS::TaskDefinition', Action: 'Modify', Replacement: 'True' },
    ),
    [],
  );
  assert.deepEqual(refused, []);
  assert.match(markdown, /\| Modify \| Task \| AWS::ECS::TaskDefinition \| True \|/);
});

test('replacing or removing what holds data is refused, also when it is only possible', () => {
  for (const change of [
    { Action: 'Modify', Replacement: 'True' },
    { Action: 'Modify', Replacement: 'Conditional' },
    { Action: 'Remove', Replacement: '' },
  ]) {
    const { refused } = reviewChangeSet(setOf({ ...queue, ...change }), []);
    assert.equal(refused.length, 1);
    assert.match(refused[0] ?? '', /^Queue \(AWS::SQS::Queue\) would be/);
  }
});

test('what was agreed on passes, by its own name only', () => {
  const change = setOf({ ...queue, Action: 'Remove' });
  assert.deepEqual(reviewChangeSet(change, ['Queue']).refused, []);
  assert.equal(reviewChangeSet(change, ['Que']).refused.length, 1);
});

test('a name cannot break the table', () => {
  const { markdown } = reviewChangeSet(
    setOf({ Action: 'Add', LogicalResourceId: 'a|b\n<img>', ResourceType: 'T' }),
    [],
  );
  assert.match(markdown, /\| Add \| a\?b\?\?img\? \| T \| no \|$/);
});
