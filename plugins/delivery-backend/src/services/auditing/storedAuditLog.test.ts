import {
  mockCredentials,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { DatabaseDeliveryStore } from '../../database/DatabaseDeliveryStore';
import { AuditViews } from './AuditViews';
import { createAuditLog } from './createAuditLog';
import { createAuditSigner } from './seal';
import {
  auditContent,
  newKey,
  NOON,
  verifyAll,
} from './__testUtils__/testAudit';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
  disableDocker: true,
});

describe.each(databases.eachSupportedId())('The audit on %s', id => {
  const key = newKey();
  const keys = [createAuditSigner(key).publicKey];

  it('verifies after many wrote at the same time, and not after the database was changed behind its back', async () => {
    const db = await databases.init(id);
    const { audit: store } = await DatabaseDeliveryStore.create({
      database: db,
    });
    const now = () => NOON;
    const log = createAuditLog({
      ...{ store, key, now },
      auditor: mockServices.auditor.mock(),
      logger: mockServices.logger.mock(),
    });
    const { at: _, ...told } = auditContent(1, {
      environment: 'prod\0/eu',
      comment: 'odd \ud800 \u2028 \0 text',
      detail: { ratio: 0.1 + 0.2, gone: undefined, z: [undefined, null], a: 1 },
    });
    await Promise.all(Array.from({ length: 40 }, () => log.append(told)));
    const views = new AuditViews({
      ...{ store, key, now, audit: log },
      access: { sort: async () => ({ allowed: [], denied: [] }) },
      permissions: {
        authorize: async () => [{ result: AuthorizeResult.ALLOW }],
      },
    });
    const exported = async () => {
      const { signal } = new AbortController();
      const format = 'jsonl' as const;
      const text = await views.export(
        ...([mockCredentials.user(), { format }, signal] as const),
      );
      let file = '';
      for await (const part of text) file += part;
      return { format, file, keys };
    };
    const whole = await exported();
    // Who owns the database can take the triggers away; that is what hashes and signatures are for.
    if (id === 'SQLITE_3') await db.raw('drop trigger audit_entry_no_update');
    else await db.raw('drop trigger audit_entry_no_change on audit_entry');
    await db('audit_entry')
      .where('seq', 17)
      .update({
        content: db.raw("replace(content, 'user:default/mei', 'user:x/y')"),
      });
    const verdicts = await verifyAll([whole, await exported()]);
    expect(verdicts[0]).toMatchObject({ problems: [], entries: 41 });
    expect(verdicts[1].problems).toEqual([
      { seq: 17, message: 'its content does not have its hash' },
    ]);
  });
});
