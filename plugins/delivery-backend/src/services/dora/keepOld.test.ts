import { DEFAULT_DORA_SETTINGS } from 'backstage-plugin-delivery-common';
import {
  changeVerdictsOf,
  type DoraChange,
  type DoraDeployment,
  type FailureEvidence,
  type OverrideFact,
  verdictsOf,
} from 'backstage-plugin-delivery-common/domain';
import type { ServiceDora } from '../../database/DoraStore';
import { keepOld } from './keepOld';

const NOON = Date.UTC(2026, 10, 20, 12);
const settings = DEFAULT_DORA_SETTINGS;
const word: OverrideFact = {
  ...{ deploymentId: 'old', verdict: 'failed', reason: 'Nobody could pay' },
  ...{ by: 'user:default/mei', at: NOON },
};

function deployment(id: string, more: Partial<DoraDeployment> = {}) {
  const item: DoraDeployment = {
    ...{ id, service: 'api', environment: 'production', finishedAt: NOON },
    ...{ kind: 'regular', outcome: 'succeeded', failed: false, evidence: [] },
    ...{ attempts: [], sources: [], hints: {}, changes: [], removes: [] },
    ...{ rolledBack: false, rework: false, ...more },
  };
  return { deployment: item, verdicts: verdictsOf(item, settings) };
}

function change(id: string, title: string) {
  const item: DoraChange = {
    ...{ id, kind: 'commit', service: 'api', mergeSha: 'a'.repeat(40), title },
    ...{ deploymentId: 'old', deployedAt: NOON, leadMs: 1_000 },
    ...{ rolledBack: false, warnings: [] },
  };
  return { change: item, verdicts: changeVerdictsOf(item, settings) };
}

const derived = (more: Partial<ServiceDora> = {}): ServiceDora => ({
  ...{ deployments: [], changes: [], incidents: [], excluded: [], ...more },
});
const storeOf = (stored: Partial<ServiceDora>) => ({
  deployments: async () => stored.deployments ?? [],
  changes: async () => stored.changes ?? [],
});
const keep = (
  stored: Partial<ServiceDora>,
  now: Partial<ServiceDora>,
  options: Partial<Parameters<typeof keepOld>[3]> = {},
) =>
  keepOld(storeOf(stored), 'api', derived(now), {
    ...{ until: NOON + 1, overrides: [], settings, ...options },
  });

describe('Rows of long ago', () => {
  it('stay as they were, beside what is derived now', async () => {
    const failed = deployment('old', { failed: true });
    const { deployments, changes } = await keep(
      { deployments: [failed], changes: [change('c', 'then')] },
      {
        // Its jobs are forgotten, so nothing says any more that it failed.
        deployments: [deployment('old'), deployment('new')],
        changes: [change('c', 'now'), change('d', 'now')],
      },
    );
    expect(deployments).toEqual([failed, deployment('new')]);
    expect(changes.map(row => row.change.title)).toEqual(['then', 'now']);
  });

  it('count by the settings of today', async () => {
    const rollback = deployment('old', { kind: 'rollback' });
    expect(rollback.verdicts.deployed).toBe(false);
    const { deployments } = await keep(
      { deployments: [rollback] },
      {},
      { settings: { ...settings, includeRollbacks: true } },
    );
    expect(deployments[0].verdicts.deployed).toBe(true);
  });

  it('are derived anew where a person says something, or takes it back', async () => {
    const now = { deployments: [deployment('old', { failed: true })] };
    const said = await keep({ deployments: [deployment('old')] }, now, {
      overrides: [word],
    });
    expect(said).toEqual(derived(now));
    const evidence: FailureEvidence[] = [
      {
        ...{ code: 'marked_failed', confidence: 'certain', text: 'Marked' },
        ...{ inferred: false, by: 'user:default/mei' },
      },
    ];
    const before = deployment('old', { failed: true, evidence });
    const back = { deployments: [deployment('old')] };
    expect(await keep({ deployments: [before] }, back)).toEqual(derived(back));
  });
});
