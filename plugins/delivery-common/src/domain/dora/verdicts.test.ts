import { doraSettingsSchema } from '../../contract';
import type { DoraOutcome } from '../../contract';
import type { DoraChange, DoraDeployment } from './linked';
import { changeVerdictsOf, momentOf, verdictsOf } from './verdicts';

const SETTINGS = doraSettingsSchema.parse({});

function deployment(parts: Partial<DoraDeployment> = {}): DoraDeployment {
  return {
    id: 'd',
    service: 'component:default/api',
    environment: 'production',
    kind: 'regular',
    outcome: 'succeeded',
    attempts: [],
    finishedAt: 1000,
    sources: [],
    hints: {},
    changes: [],
    removes: [],
    rolledBack: false,
    failed: false,
    evidence: [],
    rework: false,
    ...parts,
  };
}

function change(parts: Partial<DoraChange> = {}): DoraChange {
  return {
    id: 'c',
    kind: 'pull_request',
    service: 'component:default/api',
    mergeSha: 'a'.repeat(40),
    deploymentId: 'd',
    deployedAt: 1000,
    leadMs: 600,
    rolledBack: false,
    warnings: [],
    ...parts,
  };
}

const where = (parts: Partial<DoraDeployment>, settings = SETTINGS) => {
  const verdicts = verdictsOf(deployment(parts), settings);
  const { deployed, judged, reworkJudged, tried, excluded } = verdicts;
  const counted = Object.entries({ deployed, judged, reworkJudged, tried })
    .filter(([, counts]) => counts)
    .map(([name]) => name);
  return [counted.join(' '), excluded];
};

describe('how a deployment counts', () => {
  it.each<[DoraOutcome, string, string | undefined]>([
    ['succeeded', 'deployed judged reworkJudged tried', undefined],
    [
      'failed_in_production',
      'judged reworkJudged tried',
      'failed_in_production',
    ],
    ['failed_before_production', 'tried', 'failed_before_production'],
    ['cancelled', '', 'cancelled'],
    ['superseded', '', 'superseded'],
    ['in_progress', '', 'in_progress'],
    ['unknown', '', 'unknown_outcome'],
  ])('%s', (outcome, counted, reason) => {
    expect(where({ outcome })).toEqual([counted, reason]);
  });

  it('rollbacks are rework, and deployments only when the settings say so', () => {
    const rollback = { kind: 'rollback', rework: true } as const;
    expect(where(rollback)).toEqual(['reworkJudged tried', 'rollback']);
    expect(verdictsOf(deployment(rollback), SETTINGS)).toMatchObject({
      rework: true,
      rolledBack: true,
    });
    const settings = { ...SETTINGS, includeRollbacks: true };
    expect(where(rollback, settings)[0]).toBe(
      'deployed judged reworkJudged tried',
    );
    expect(where({ ...rollback, outcome: 'failed_before_production' })[1]).toBe(
      'failed_before_production',
    );
  });

  it('redeployments count only when the settings say so', () => {
    expect(where({ kind: 'redeploy' })).toEqual(['tried', 'redeploy']);
    const settings = { ...SETTINGS, includeRedeploys: true };
    expect(where({ kind: 'redeploy' }, settings)[0]).toBe(
      'deployed judged reworkJudged tried',
    );
  });

  it('what is not known to be a rollback or redeployment is an ordinary one', () => {
    expect(where({ kind: 'unknown' })[0]).toBe(
      'deployed judged reworkJudged tried',
    );
  });

  it('what failed is never above the line without being below it', () => {
    const settings = {
      ...SETTINGS,
      changeFailDenominator: 'succeeded',
    } as const;
    const broken = { outcome: 'failed_in_production', failed: true } as const;
    expect(verdictsOf(deployment(broken), settings)).toMatchObject({
      judged: false,
      failed: false,
      // It is to be recovered from all the same.
      open: true,
    });
    expect(verdictsOf(deployment({ failed: true }), settings)).toMatchObject({
      judged: true,
      failed: true,
    });
  });

  it('reached production when somebody says that it failed there, or an attempt did', () => {
    expect(where({ outcome: 'cancelled', failed: true })[0]).toBe(
      'judged reworkJudged tried',
    );
    const attempts = [
      { attempt: 1, outcome: 'failed_in_production' },
      { attempt: 2, outcome: 'cancelled' },
    ] as const;
    expect(where({ outcome: 'cancelled', attempts: [...attempts] })[0]).toBe(
      'judged reworkJudged tried',
    );
  });

  it('counts nowhere without its end', () => {
    const { finishedAt, ...rest } = deployment({ startedAt: 5, failed: true });
    expect(verdictsOf(rest, SETTINGS)).toEqual({
      ...{ deployed: false, judged: false, failed: false, open: false },
      ...{ reworkJudged: false, rework: false, rolledBack: false },
      ...{ tried: false, succeeded: false, attempts: 0, attemptsSucceeded: 0 },
      excluded: 'no_finish',
    });
    expect(momentOf(rest)).toBe(5);
  });

  it('counts each attempt that was one', () => {
    const attempts = (
      ['failed_before_production', 'cancelled', 'succeeded'] as const
    ).map((outcome, index) => ({ attempt: index + 1, outcome }));
    expect(verdictsOf(deployment({ attempts }), SETTINGS)).toMatchObject({
      attempts: 2,
      attemptsSucceeded: 1,
    });
    expect(verdictsOf(deployment(), SETTINGS)).toMatchObject({
      attempts: 1,
      attemptsSucceeded: 1,
    });
  });

  it('a runtime that went back by itself is a rollback without a deployment of its own', () => {
    const back = deployment({
      outcome: 'failed_in_production',
      hints: { runtimeRollback: { ok: true } },
    });
    expect(verdictsOf(back, SETTINGS).rolledBack).toBe(true);
    expect(verdictsOf(deployment(), SETTINGS).rolledBack).toBe(false);
  });

  it('takes durations of successes alone, and none that cannot be', () => {
    const times = { durationMs: 50, queuedMs: 0, waitedMs: -1 };
    expect(verdictsOf(deployment(times), SETTINGS)).toMatchObject({
      durationMs: 50,
      queuedMs: 0,
    });
    expect(verdictsOf(deployment(times), SETTINGS).waitedMs).toBeUndefined();
    const failed = { ...times, outcome: 'failed_in_production' } as const;
    expect(verdictsOf(deployment(failed), SETTINGS).durationMs).toBeUndefined();
  });

  it('a failure has ended, or is open', () => {
    const failed = { failed: true, failedAt: 1000, detectedAt: 1100 };
    expect(verdictsOf(deployment(failed), SETTINGS)).toMatchObject({
      failed: true,
      open: true,
    });
    const over = { ...failed, recoveredAt: 1300, recoveryMs: 300 };
    expect(verdictsOf(deployment(over), SETTINGS)).toMatchObject({
      open: false,
      recoveredAt: 1300,
      recoveryMs: 300,
      detectMs: 100,
    });
  });
});

describe('how a change counts', () => {
  it('with its lead time', () => {
    expect(changeVerdictsOf(change(), SETTINGS)).toEqual({
      at: 1000,
      leadsMs: [600],
    });
  });

  it('with one for each commit when the settings say so', () => {
    const settings = { ...SETTINGS, leadTimeStart: 'commit' } as const;
    const commits = change({ commitLeadsMs: [600, 200, -5] });
    expect(changeVerdictsOf(commits, settings).leadsMs).toEqual([600, 200]);
    expect(changeVerdictsOf(commits, SETTINGS).leadsMs).toEqual([600]);
  });

  it.each<[string, Partial<DoraChange>]>([
    ['not_deployed', { deploymentId: undefined }],
    ['not_deployed', { deployedAt: undefined }],
    ['no_start', { leadMs: undefined }],
    ['negative_lead', { leadMs: -1 }],
    ['bot', { isBot: true }],
  ])('not at all: %s', (reason, parts) => {
    const settings = { ...SETTINGS, includeBots: false };
    expect(changeVerdictsOf(change(parts), settings)).toMatchObject({
      leadsMs: [],
      excluded: reason,
    });
  });

  it('a lead time of nothing is one', () => {
    expect(changeVerdictsOf(change({ leadMs: 0 }), SETTINGS).leadsMs).toEqual([
      0,
    ]);
  });
});
