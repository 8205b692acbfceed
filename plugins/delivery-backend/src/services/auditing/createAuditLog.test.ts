import { DEFAULT_DORA_SETTINGS } from 'backstage-plugin-delivery-common';
import { mockServices } from '@backstage/backend-test-utils';
import type { AuditStore } from '../../database/AuditStore';
import { createAuditLog } from './createAuditLog';
import {
  effectiveConfiguration,
  recordConfiguration,
} from './recordConfiguration';
import { createAuditSigner, hashOf, keyIdOf } from './seal';
import {
  auditContent,
  MemoryAuditStore,
  newKey,
  NOON,
} from './__testUtils__/testAudit';

const key = newKey();

function setup(store: Pick<AuditStore, 'append'>, signingKey?: string) {
  const auditor = mockServices.auditor.mock();
  const event = { success: jest.fn(), fail: jest.fn() };
  auditor.createEvent.mockResolvedValue(event);
  const logger = mockServices.logger.mock();
  const log = createAuditLog({
    ...{ store, auditor, logger, key: signingKey, now: () => NOON },
  });
  return { log, auditor, event, logger };
}
const { at: _, ...told } = auditContent(1);

describe('seal', () => {
  it('covers place, what came before, and content in any order of keys', () => {
    const seal = createAuditSigner(key).seal;
    const content = auditContent(1, { detail: { a: 1, b: [2] } });
    const zero = '0'.repeat(64);
    const { hash } = seal(content, 1, zero);
    const turned = { ...content, detail: { b: [2], a: 1 } };
    expect(seal(turned, 1, zero)).toEqual(seal(content, 1, zero));
    expect(hashOf(content, 1, zero)).toBe(hash);
    const others = [
      hashOf(content, 2, zero),
      hashOf(content, 1, hash),
      hashOf({ ...content, detail: { a: 1, b: [3] } }, 1, zero),
    ];
    expect(new Set([hash, ...others]).size).toBe(4);
  });

  it('refuses what is no key of Ed25519 without repeating it', () => {
    const secret = 'not-a-key-but-secret';
    expect(() => createAuditSigner(secret)).toThrow(
      'The signing key of the audit is not an Ed25519 key as PEM.',
    );
    expect(keyIdOf(secret)).toBeUndefined();
    const { publicKey, keyId } = createAuditSigner(key);
    expect(keyIdOf(publicKey)).toBe(keyId);
  });
});

describe('AuditLog', () => {
  it('appends with the time, and tells the core auditor the head', async () => {
    const store = new MemoryAuditStore();
    const { log, auditor, event } = setup(store, key);
    expect(log.enabled).toBe(true);
    const entry = await log.append(told);
    expect(store.entries).toEqual([entry]);
    expect(entry.content).toEqual({ ...told, at: NOON });
    expect(auditor.createEvent).toHaveBeenCalledWith({
      eventId: 'delivery.audit',
      severityLevel: 'medium',
      meta: {
        ...{ seq: 1, hash: entry.hash, action: 'approve' },
        ...{ actor: 'user:default/mei', phase: 'recorded' },
        entityRef: 'component:default/api',
      },
    });
    expect(event.success).toHaveBeenCalled();
  });

  it('cannot be written to without a key', async () => {
    const store = new MemoryAuditStore();
    const { log } = setup(store);
    expect(log.enabled).toBe(false);
    await expect(log.append(told)).rejects.toMatchObject({
      code: 'audit_not_configured',
    });
    expect(store.entries).toEqual([]);
  });

  it('says what was tried to the core auditor when the database takes nothing, and nobody sees the statement', async () => {
    const failure = Object.assign(
      new Error('insert into audit_entry values (secret) - read-only'),
      { code: 'SQLITE_READONLY' },
    );
    const { log, auditor, event, logger } = setup(
      { append: () => Promise.reject(failure) },
      key,
    );
    const error = await log.append(told).catch(reason => reason);
    expect(error).toMatchObject({
      ...{ name: 'ServiceUnavailableError', code: 'audit_not_writable' },
    });
    expect(auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        meta: expect.objectContaining({ action: 'approve' }),
      }),
    );
    expect(event.fail).toHaveBeenCalledWith({
      error: new Error('Error SQLITE_READONLY'),
    });
    const said = JSON.stringify([
      String(error),
      logger.error.mock.calls,
      event.fail.mock.calls,
    ]);
    expect(said).toMatch('SQLITE_READONLY');
    expect(said).not.toMatch('secret');
  });

  it('keeps what was written when the core auditor fails', async () => {
    const store = new MemoryAuditStore();
    const { log, auditor, logger } = setup(store, key);
    auditor.createEvent.mockRejectedValue(new Error('down'));
    expect(await log.append(told)).toMatchObject({ seq: 1 });
    expect(logger.warn).toHaveBeenCalled();
  });
});

describe('recordConfiguration', () => {
  const config = {
    auditKey: key,
    dora: {
      settings: DEFAULT_DORA_SETTINGS,
      ...{ incidentLabels: [], targets: [] },
    },
    ecs: undefined,
    environmentSets: [
      {
        name: 'shops',
        environments: [
          {
            ...{ name: 'production', match: ['prod'], stacks: [] },
            tier: 'production' as const,
          },
        ],
      },
    ],
    github: {
      ...{ hosts: [], appIds: [], webhookSecrets: ['canary-hook'] },
      signIn: [
        { host: 'github.com', clientId: 'Iv1', clientSecret: 'canary-client' },
      ],
    },
    grants: [],
    identity: { matchLogin: false },
    permissionsEnabled: true,
  };

  it('is written once, and again when something changed; never with a secret', async () => {
    const store = new MemoryAuditStore();
    const { log } = setup(store, key);
    const record = (more: Partial<typeof config> = {}) =>
      recordConfiguration(
        log,
        store,
        effectiveConfiguration({ ...config, ...more }),
      );
    expect(await record()).toMatchObject({
      seq: 1,
      content: {
        ...{ actor: 'plugin:delivery', action: 'configuration' },
        phase: 'recorded',
        detail: {
          publicKey: createAuditSigner(key).publicKey,
          signIn: [{ host: 'github.com', clientId: 'Iv1' }],
        },
      },
    });
    expect(await record()).toBeUndefined();
    const laxer = await record({ identity: { matchLogin: true } });
    expect(laxer).toMatchObject({ seq: 2 });
    expect(await record({ auditKey: newKey() })).toMatchObject({ seq: 3 });
    expect(await record()).toMatchObject({ seq: 4 });
    expect(JSON.stringify(store.entries)).not.toMatch(/canary|PRIVATE/);
  });

  it('is not written without a key', async () => {
    const store = new MemoryAuditStore();
    const { log } = setup(store);
    const effective = effectiveConfiguration({
      ...config,
      auditKey: undefined,
    });
    expect(await recordConfiguration(log, store, effective)).toBeUndefined();
    expect(store.entries).toEqual([]);
  });
});
