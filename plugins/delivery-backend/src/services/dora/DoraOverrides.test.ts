import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  DEFAULT_DORA_SETTINGS,
  deliveryDoraOverridePermission,
  type DoraOverrideBody,
} from 'backstage-plugin-delivery-common';
import {
  type DoraDeployment,
  type OverrideFact,
  verdictsOf,
} from 'backstage-plugin-delivery-common/domain';
import { component, person, REF } from '../acts/__testUtils__/actRows';
import { MemoryAudit } from '../acts/__testUtils__/MemoryAudit';
import { withCode } from '../errors';
import { DoraOverrides } from './DoraOverrides';

const NOON = Date.UTC(2026, 10, 20, 12);
const ID = 'run:github_com.1@production';
const cleo = mockCredentials.user('user:default/cleo');
const DEPLOYMENT: DoraDeployment = {
  ...{ id: ID, service: REF, environment: 'production', sha: 'a'.repeat(40) },
  ...{ kind: 'regular', outcome: 'succeeded', finishedAt: NOON },
  run: { id: 'github_com.1' },
  ...{ attempts: [], sources: [], hints: {}, changes: [], removes: [] },
  ...{ rolledBack: false, failed: false, evidence: [], rework: false },
};

/** What the store keeps, with a derivation that believes people. */
function makeWorld() {
  const now = () => NOON;
  const audit = new MemoryAudit(now);
  const logger = mockServices.logger.mock();
  const words = new Map<string, OverrideFact>();
  const counted = new Map<string, OverrideFact>();
  const broken = {
    access: undefined as Error | undefined,
    store: false,
    derive: false,
  };
  const marked: string[] = [];
  const asked: unknown[] = [];
  const overrides = new DoraOverrides({
    ...{ audit, logger, now },
    access: {
      actor: async (credentials, permission, entityRef) => {
        asked.push([permission.name, entityRef]);
        if (broken.access) throw broken.access;
        const user = person('cleo');
        const actor = {
          ref: 'user:default/cleo',
          user,
          memberOf: [],
          credentials,
        };
        return { actor, entity: component() };
      },
    },
    dora: {
      overrides: async () => [...words.values()],
      saveOverride: async (_service, word) => {
        if (broken.store) throw new Error('disk full');
        words.set(word.deploymentId, word);
      },
      clearOverride: async (_service, id) => {
        words.delete(id);
      },
      deployment: async (service, id) => {
        if (service !== REF || id !== ID) return undefined;
        const failed = counted.get(id)?.verdict === 'failed';
        const deployment = { ...DEPLOYMENT, failed };
        const verdicts = verdictsOf(deployment, DEFAULT_DORA_SETTINGS);
        return { deployment, verdicts };
      },
    },
    keeper: {
      changed: refs => marked.push(...refs),
      now: async () => {
        if (broken.derive) throw new Error('no such column');
        counted.clear();
        words.forEach((word, id) => counted.set(id, word));
      },
    },
  });
  const set = (more: Partial<DoraOverrideBody> = {}) =>
    overrides.set(cleo, {
      ...{ entityRef: REF, deploymentId: ID, verdict: 'failed' },
      ...{ reason: 'Customers could not pay', ...more },
    });
  return { ...{ audit, broken, words, marked, asked, set, logger } };
}

describe('The word of a person on a deployment', () => {
  it('counts at once, and is on record before and after', async () => {
    const { audit, asked, marked, set, words } = makeWorld();
    const { row, auditSeq } = await set();
    expect(row.deployment).toMatchObject({ id: ID, failed: true });
    expect(row.verdicts.failed).toBe(true);
    expect(asked).toEqual([[deliveryDoraOverridePermission.name, REF]]);
    expect(audit.phases()).toEqual([
      'dora_override attempted',
      'dora_override succeeded stored',
    ]);
    expect(auditSeq).toBe(2);
    expect(audit.entries[1].content).toMatchObject({
      ...{ actor: 'user:default/cleo', entityRef: REF, decision: 'failed' },
      ...{ environment: 'production', runId: 'github_com.1' },
      ...{ sha: 'a'.repeat(40), comment: 'Customers could not pay' },
      detail: { verdict: 'failed', deploymentId: ID },
    });
    expect([...words.values()]).toEqual([
      {
        ...{ deploymentId: ID, verdict: 'failed', at: NOON },
        ...{ reason: 'Customers could not pay', by: 'user:default/cleo' },
      },
    ]);
    expect(marked).toEqual([REF]);
    const cleared = await set({
      verdict: 'clear',
      reason: 'It was the network',
    });
    expect(cleared.row.deployment.failed).toBe(false);
    expect(words.size).toBe(0);
    expect(audit.entries).toHaveLength(4);
  });

  it('is refused without a key of the audit, before anything is asked', async () => {
    const { asked, audit, set, words } = makeWorld();
    audit.enabled = false;
    await expect(set()).rejects.toMatchObject({
      ...{ name: 'NotAllowedError', code: 'audit_not_configured' },
    });
    expect([asked, words.size]).toEqual([[], 0]);
  });

  it('needs the permission, and the refusal is on record', async () => {
    const { audit, broken, set, words } = makeWorld();
    broken.access = withCode(
      new NotAllowedError('You need the permission delivery.dora.override.'),
      'permission_missing',
    );
    await expect(set()).rejects.toMatchObject({ code: 'permission_missing' });
    expect(audit.phases()).toEqual([
      'dora_override refused permission_missing',
    ]);
    expect(audit.entries[0].content.actor).toBe('user:default/cleo');
    audit.before = () => {
      throw new Error('disk full');
    };
    await expect(set()).rejects.toMatchObject({ code: 'permission_missing' });
    expect(words.size).toBe(0);
  });

  it('is about a deployment of this service', async () => {
    const { audit, set, words } = makeWorld();
    const error = await set({
      deploymentId: 'run:github_com.9@production',
    }).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: 'deployment_not_found' });
    expect(audit.phases()).toEqual([
      'dora_override refused deployment_not_found',
    ]);
    expect(words.size).toBe(0);
  });

  it('does not count when it cannot be recorded, before or after', async () => {
    const { audit, set, words } = makeWorld();
    audit.before = phase => {
      if (phase === 'attempted') throw new Error('disk full: secret path');
    };
    await expect(set()).rejects.toMatchObject({
      ...{ name: 'ServiceUnavailableError', code: 'audit_not_writable' },
      message: expect.not.stringContaining('secret'),
    });
    expect(words.size).toBe(0);
    audit.before = () => {};
    await set({ verdict: 'not_failed' });
    audit.before = phase => {
      if (phase === 'succeeded') throw new Error('disk full');
    };
    await expect(set()).rejects.toMatchObject({ code: 'audit_not_writable' });
    // What was said before holds.
    expect(words.get(ID)?.verdict).toBe('not_failed');
  });

  it('that could not be stored is on record as failed', async () => {
    const { audit, broken, set } = makeWorld();
    broken.store = true;
    await expect(set()).rejects.toMatchObject({ code: 'override_not_stored' });
    expect(audit.phases()).toEqual([
      'dora_override attempted',
      'dora_override failed override_not_stored',
    ]);
  });

  it('is not lost when the metrics cannot be derived now', async () => {
    const { broken, marked, set, words } = makeWorld();
    broken.derive = true;
    await expect(set()).rejects.toMatchObject({ code: 'dora_not_derived' });
    expect(words.get(ID)?.verdict).toBe('failed');
    expect(marked).toEqual([REF]);
  });
});
