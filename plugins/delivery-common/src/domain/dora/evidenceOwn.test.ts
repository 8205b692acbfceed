import {
  HOUR,
  MINUTE,
  MONDAY,
  deployed,
  judgedOf,
  settingsWith,
} from './testUtils/judging';
import type { DoraDeployment } from './linked';

const LIVE = MONDAY + 10 * HOUR;
const START = LIVE - 10 * MINUTE;

function judgeOne(rest: Partial<DoraDeployment>, settings = settingsWith()) {
  return judgedOf({
    deployments: [deployed('a1', LIVE, rest)],
    settings,
  }).of('a1');
}

const FAILED = 'failed_in_production' as const;

describe('what the sources of a deployment say', () => {
  it.each<[string, Partial<DoraDeployment>, object]>([
    [
      'E1: the runtime went back',
      {
        outcome: FAILED,
        hints: {
          runtimeRollback: {
            ...{ ok: true, startedAt: START + MINUTE, finishedAt: LIVE },
            reason: 'tasks failed\u001b[31m to\tstart.',
          },
        },
      },
      {
        evidence: [
          {
            code: 'runtime_rollback',
            confidence: 'certain',
            text: 'ECS rolled it back: tasks failed to start',
            at: START + MINUTE,
          },
        ],
        ...{ failedAt: START, detectedAt: START + MINUTE },
      },
    ],
    [
      'E1: the runtime tried to go back',
      { outcome: FAILED, hints: { runtimeRollback: { ok: false } } },
      {
        evidence: [{ text: 'ECS could not roll it back' }],
        ...{ failedAt: START, detectedAt: LIVE },
      },
    ],
    [
      'E2: a check failed and the run went back',
      {
        hints: {
          checkFailed: { at: LIVE + 2 * MINUTE, name: 'Smoke test' },
          putBack: { at: LIVE + 6 * MINUTE, ok: true },
        },
      },
      {
        evidence: [
          {
            code: 'check_failed',
            text: 'Smoke test failed and the same run put the revision before back',
          },
        ],
        ...{ failedAt: LIVE, detectedAt: LIVE + 2 * MINUTE },
      },
    ],
    [
      'E2: a check failed and nothing went back',
      { hints: { checkFailed: {} } },
      {
        evidence: [{ text: 'A check after it failed' }],
        ...{ failedAt: LIVE, detectedAt: LIVE },
      },
    ],
    [
      'E2: the check failed before the run that went back was over',
      {
        outcome: FAILED,
        hints: {
          checkFailed: { at: LIVE - 5 * MINUTE, name: 'Smoke test' },
          putBack: { ok: false },
        },
      },
      {
        evidence: [
          {
            text: 'Smoke test failed and the same run could not put the revision before back',
          },
        ],
        ...{ failedAt: LIVE - 5 * MINUTE, detectedAt: LIVE - 5 * MINUTE },
      },
    ],
    [
      'E2: the run went back and nobody says why',
      { outcome: FAILED, hints: { putBack: { at: LIVE, ok: true } } },
      { evidence: [{ text: 'The same run put the revision before back' }] },
    ],
    [
      'E8: it failed in production',
      { outcome: FAILED },
      {
        evidence: [{ code: 'deployment_failed', confidence: 'certain' }],
        ...{ failedAt: START, detectedAt: LIVE },
      },
    ],
    [
      'E8: its first attempt failed in production',
      {
        attempts: [
          {
            ...{ attempt: 1, outcome: FAILED },
            ...{ startedAt: START - HOUR, finishedAt: START - 50 * MINUTE },
          },
          { attempt: 2, outcome: 'succeeded', finishedAt: LIVE },
        ],
      },
      {
        evidence: [{ text: 'Attempt 1 failed in production' }],
        ...{ failedAt: START - HOUR, detectedAt: START - 50 * MINUTE },
      },
    ],
  ])('%s', (_, rest, expected) => {
    expect(judgeOne(rest)).toMatchObject({ failed: true, ...expected });
  });

  it.each<[string, Partial<DoraDeployment>]>([
    ['failed before production', { outcome: 'failed_before_production' }],
    ['was cancelled', { outcome: 'cancelled' }],
    ['is in progress', { outcome: 'in_progress' }],
    ['succeeded', {}],
    ['ended nobody knows how', { outcome: 'unknown' }],
    [
      'failed a check before production',
      {
        ...{ outcome: 'failed_before_production' },
        hints: { checkFailed: { at: LIVE } },
      },
    ],
    [
      'failed before production and succeeded the next time',
      {
        attempts: [
          { attempt: 1, outcome: 'failed_before_production' },
          { attempt: 2, outcome: 'succeeded' },
        ],
      },
    ],
  ])('does not fail what %s', (_, rest) => {
    const told = judgeOne(rest);
    expect(told).toMatchObject({ failed: false, evidence: [] });
    expect(told).not.toHaveProperty('failedAt');
    expect(told).not.toHaveProperty('detectedAt');
  });

  it('tells one reason where several of its sources say the same', () => {
    const told = judgeOne({
      outcome: FAILED,
      hints: {
        runtimeRollback: { ok: true, startedAt: START },
        checkFailed: { at: LIVE },
      },
    });
    expect(told.evidence.map(({ code }) => code)).toEqual([
      'runtime_rollback',
      'check_failed',
    ]);
  });
});
