import * as fc from 'fast-check';
import {
  DEPLOYMENT_STATUSES,
  TIERS,
  type LogicalDeployment,
} from '../../contract';
import { findingsOf, type DeploymentForFinding } from './findings';
import { sha } from './testUtils/approvalFacts';

const evidence = (source: LogicalDeployment['evidence'][number]['source']) => [
  { source, id: 'x', status: 'FAILED', at: 0 },
];

function deployment(part: Partial<LogicalDeployment> = {}): LogicalDeployment {
  return {
    ...{ id: 'd1', kind: 'regular', status: 'succeeded', startedAt: 1_000 },
    commit: { sha: sha('9'), source: 'label', confidence: 'high' },
    ...{ by: 'dana', approvedBy: [], runId: 'gh.7', runNumber: 1287 },
    ...{ ranHealthy: true, evidence: evidence('runtime_deployment') },
    ...part,
  };
}

function item(
  part: Partial<DeploymentForFinding> = {},
  of: Partial<LogicalDeployment> = {},
): DeploymentForFinding {
  return {
    ...{ entityRef: 'component:default/payments-api', tier: 'production' },
    ...{ environment: 'production', deployment: deployment(of) },
    ...{ attemptApprovals: [], portal: [] },
    ...part,
  };
}

const approved = (login: string) => [{ login, state: 'approved' }];

describe('findingsOf', () => {
  it('tells a deployment that nobody is known to have approved', () => {
    expect(findingsOf([item()], 0)).toEqual([
      {
        ...{ kind: 'unapproved_deployment', deploymentId: 'd1', at: 1_000 },
        entityRef: 'component:default/payments-api',
        ...{ environment: 'production', runId: 'gh.7', by: 'dana' },
        sha: sha('9'),
        message:
          '9999999 went into production with run #1287 and no approval by a named person is known.',
      },
    ]);
  });

  it('tells a deployment no pipeline told of', () => {
    const outside = {
      ...{ kind: 'out_of_band' as const, runId: undefined },
      ...{ runNumber: undefined, by: undefined },
      commit: { source: 'none' as const, confidence: 'none' as const },
    };
    expect(
      findingsOf([item({ attemptApprovals: undefined }, outside)], 0),
    ).toEqual([
      expect.objectContaining({
        kind: 'unknown_deployment',
        message:
          'Something was deployed to production and no pipeline of this service did it.',
      }),
    ]);
  });

  it.each<[string, DeploymentForFinding, number]>([
    ['nobody', item(), 1],
    ['a person', item({ attemptApprovals: approved('cleo') }), 0],
    ['a bot', item({ attemptApprovals: approved('gate[bot]') }), 1],
    ['a nameless account', item({ attemptApprovals: approved(' ') }), 1],
    [
      'a rejection only',
      item({ attemptApprovals: [{ login: 'cleo', state: 'rejected' }] }),
      1,
    ],
    ['never asked', item({ attemptApprovals: undefined }), 0],
    [
      'the portal',
      item({ portal: [{ userRef: 'user:default/cleo', kind: 'approve' }] }),
      0,
    ],
    [
      'an emergency of the portal, which has a finding of its own',
      item(
        {
          portal: [{ userRef: 'user:default/x', kind: 'emergency_rollback' }],
        },
        { kind: 'out_of_band' },
      ),
      0,
    ],
    ['staging', item({ tier: 'staging' }), 0],
    ['rolled back', item({}, { status: 'rolled_back' }), 1],
    [
      'failed in the runtime',
      item({}, { status: 'failed', ranHealthy: false }),
      1,
    ],
    [
      'failed after it ran',
      item({}, { status: 'failed', evidence: evidence('run') }),
      1,
    ],
    [
      'failed before anything changed',
      item(
        {},
        { status: 'failed', ranHealthy: false, evidence: evidence('job') },
      ),
      0,
    ],
    [
      'failed at the gate',
      item(
        {},
        {
          ...{ status: 'failed', ranHealthy: false },
          evidence: evidence('vendor_deployment'),
        },
      ),
      0,
    ],
    ['at the moment from which on it counts', item({}, { startedAt: 500 }), 1],
    ['older', item({}, { startedAt: 499 }), 0],
  ])('approved by %s', (_, given, count) => {
    expect(findingsOf([given], 500)).toHaveLength(count);
  });

  it('each deployment has one finding at most, and what is under way has none', () => {
    const anyItem = fc
      .record({
        tier: fc.constantFrom(...TIERS),
        status: fc.constantFrom(...DEPLOYMENT_STATUSES),
        kind: fc.constantFrom('regular', 'rollback', 'out_of_band'),
        startedAt: fc.nat(1_000),
        attemptApprovals: fc.constantFrom(
          ...[undefined, [], approved('cleo'), approved('x[bot]')],
        ),
      })
      .map(({ tier, attemptApprovals, status, kind, startedAt }) => ({
        given: item(
          { tier, attemptApprovals },
          { status, kind: kind as LogicalDeployment['kind'], startedAt },
        ),
        expected:
          tier === 'production' &&
          ['succeeded', 'failed', 'rolled_back'].includes(status) &&
          startedAt >= 500 &&
          (kind === 'out_of_band' ||
            (attemptApprovals !== undefined &&
              !attemptApprovals.some(({ login }) => login === 'cleo'))),
      }));
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 20 }), items => {
        const all = items.map(({ given }, n) => ({
          ...given,
          deployment: { ...given.deployment, id: `${n}` },
        }));
        expect(
          findingsOf(all, 500).map(({ deploymentId }) => deploymentId),
        ).toEqual(
          items.flatMap(({ expected }, n) => (expected ? [`${n}`] : [])),
        );
      }),
    );
  });
});
