import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import type { DeliveryProvider } from 'backstage-plugin-delivery-node';
import { jobs, makeVendor, repository, run } from '../__testUtils__/makeVendor';
import { LogService } from './LogService';

describe('LogService', () => {
  const request = { credentials: mockCredentials.user() } as never;
  const readable = {
    run,
    repository,
    services: [],
    via: 'component:default/api',
  };
  const open = async (
    openLog: DeliveryProvider['openLog'],
    maxBytes = 1_000,
  ) => {
    const { options } = makeVendor({ openLog });
    const auditor = mockServices.auditor.mock();
    const event = { success: jest.fn(), fail: jest.fn() };
    auditor.createEvent.mockResolvedValue(event);
    const logs = new LogService({
      ...options,
      auditor,
      maxBytes,
      store: { jobs: async () => jobs },
    });
    const { signal } = new AbortController();
    const call = logs.open(readable, 'gh.11', { request, signal });
    return { call, event };
  };
  const textOf = async (parts: AsyncIterable<string>) => {
    let text = '';
    for await (const part of parts) text += part;
    return text;
  };
  const streamOf = (...chunks: string[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) {
          controller.enqueue(new TextEncoder().encode(chunk));
        }
        controller.close();
      },
    });

  it('redacts a secret that comes in two chunks', async () => {
    const { call } = await open(async () =>
      streamOf('a\r\ntoken: ghp_abcdefghij', 'klmnopqrstuvwxyz0123\nend'),
    );
    const text = await textOf(await call);
    expect(text).toBe('a\ntoken: ***\nend\n');
  });

  it('ends a log that is too long with a line that says so, and lets go of the source', async () => {
    const cancel = jest.fn();
    const { call } = await open(
      async () =>
        new ReadableStream<Uint8Array>({
          pull: controller =>
            controller.enqueue(new TextEncoder().encode('0123456789\n')),
          cancel,
        }),
      25,
    );
    expect(await textOf(await call)).toBe(
      '0123456789\n0123456789\n[delivery] The log is longer than 25 bytes; the rest is at the vendor.\n',
    );
    expect(cancel).toHaveBeenCalled();
  });

  it('keeps little of a line that never ends', async () => {
    const chunk = 'x'.repeat(100_000);
    const { call } = await open(
      async () => streamOf(...Array.from({ length: 50 }, () => chunk)),
      1_000_000,
    );
    const text = await textOf(await call);
    expect(text).toMatch(/line cut\)\n$/);
    expect(text.length).toBeLessThan(20_000);
  });

  it('does not let a refusal of the App look like a missing permission', async () => {
    const { call, event } = await open(async () => {
      throw Object.assign(new NotAllowedError('GitHub refused'), {
        code: 'github_refused',
      });
    });
    await expect(call).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      code: 'github_refused',
    });
    expect(event.fail).toHaveBeenCalled();
  });
});
