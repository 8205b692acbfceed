import { mockServices } from '@backstage/backend-test-utils';
import type { RuntimeState } from 'backstage-plugin-delivery-common/domain';
import { FakeRuntime, refusal } from '../__testUtils__/FakeRuntime';
import { StackReader } from './StackReader';

const API = 'component:default/api';
const WEB = 'component:default/web';
const SCOPE = { accountId: '111122223333', region: 'eu-west-1' };
const { signal } = new AbortController();

function make() {
  const clock = { now: 0 };
  let kept: NonNullable<RuntimeState['stacks']> = [];
  const changed: string[][] = [];
  const onNew = jest.fn();
  const drift = { net: 'in_sync' as 'in_sync' | 'drifted' };
  const readStackDrift = jest.fn(async (_scope: object, names: string[]) =>
    names.map(stack => ({
      stack,
      status: stack === 'net' ? drift.net : ('in_sync' as const),
    })),
  );
  const reader = new StackReader({
    store: {
      stacks: async () => kept,
      saveStacks: async (_scope, stacks) => {
        kept = stacks;
      },
    },
    provider: Object.assign(new FakeRuntime(), { readStackDrift }),
    logger: mockServices.logger.mock(),
    clock: () => clock.now,
    onChanged: refs => changed.push(refs),
    onNew,
  });
  return { clock, reader, readStackDrift, changed, drift, onNew };
}

describe('StackReader', () => {
  it('asks for nothing that no environment names', async () => {
    const { reader, readStackDrift } = make();
    await reader.tick(signal);
    expect(readStackDrift).not.toHaveBeenCalled();
  });

  it('says when a stack is named for the first time', () => {
    const { reader, onNew } = make();
    reader.want(API, SCOPE, ['net']);
    reader.want(WEB, SCOPE, ['net']);
    expect(onNew).toHaveBeenCalledTimes(1);
    reader.want(WEB, SCOPE, ['net', 'web']);
    expect(onNew).toHaveBeenCalledTimes(2);
  });

  it('asks once an account and tells the services whose stack drifted', async () => {
    const { reader, readStackDrift, changed, drift } = make();
    reader.want(API, SCOPE, ['net', 'api']);
    reader.want(WEB, SCOPE, ['web']);
    await reader.tick(signal);
    expect(readStackDrift).toHaveBeenCalledTimes(1);
    expect(changed).toEqual([[API, WEB]]);
    await reader.tick(signal);
    expect(changed).toHaveLength(1);
    drift.net = 'drifted';
    await reader.tick(signal);
    expect(changed[1]).toEqual([API]);
  });

  it('leaves an account alone for ten minutes when it refuses', async () => {
    const { clock, reader, readStackDrift } = make();
    reader.want(API, SCOPE, ['net']);
    readStackDrift.mockRejectedValue(refusal('not_allowed', 'Not allowed.'));
    await reader.tick(signal);
    clock.now += 599_999;
    await reader.tick(signal);
    expect(readStackDrift).toHaveBeenCalledTimes(1);
    clock.now += 1;
    await reader.tick(signal);
    expect(readStackDrift).toHaveBeenCalledTimes(2);
  });
});
