import { NotFoundError } from '@backstage/errors';
import type {
  ChangeRange,
  GateReading,
  GateRun,
} from 'backstage-plugin-delivery-common/domain';
import type {
  CommitCheck,
  DeliveryProvider,
  RecordedApproval,
  VendorActs,
} from 'backstage-plugin-delivery-node';

export const SHA = 'a'.repeat(40);
export const RUNNING = 'b'.repeat(40);
export const NODE_OF: Record<string, string> = {
  cleo: 'U_cleo',
  ravi: 'U_ravi',
  dana: 'U_dana',
};
export const ID_OF: Record<string, string> = {
  dana: '1',
  ravi: '2',
  cleo: '3',
};

export function user(login: string): GateReading['reviewers'][number] {
  return {
    kind: 'user',
    id: ID_OF[login],
    name: login,
    nodeId: NODE_OF[login],
  };
}

/** The part of a vendor that gates are about; a test changes its fields. */
export class FakeGate {
  reading: GateReading | undefined = {
    ...{ environmentId: '77', environmentName: 'production' },
    ...{ preventSelfReview: true, canAdminsBypass: false },
    waitTimerMinutes: 0,
    reviewers: [user('cleo'), user('ravi')],
  };
  run: GateRun = {
    ...{ waiting: true, status: 'waiting', headSha: SHA, attempt: 1 },
    actor: { id: '1', login: 'dana' },
    triggeringActors: [{ id: '1', login: 'dana' }],
    deploymentCreators: [{ id: '1', login: 'dana' }],
    pendingDeployments: ['501'],
  };
  range: ChangeRange | undefined = {
    status: 'ahead',
    commits: [
      {
        ...{ sha: SHA, title: 'Fix rounding in refunds', coAuthors: [] },
        author: { id: '1', login: 'dana' },
        pullRequest: 415,
      },
    ],
    ...{ total: 1, cut: false, filesCut: false },
    pullRequests: [{ number: 415, opener: { id: '1', login: 'dana' } }],
    files: [
      {
        ...{ path: 'db/migrations/V31__refunds.sql', status: 'added' },
        ...{ additions: 12, deletions: 0 },
      },
    ],
  };
  checks: CommitCheck[] = [
    { name: 'unit', status: 'completed', conclusion: 'success' },
  ];
  decisions: RecordedApproval[] = [];
  /** Set: every question fails like this. */
  failure: Error | undefined;
  readonly asked: string[] = [];

  decide(
    login: string,
    state: 'approved' | 'rejected' = 'approved',
    comment?: string,
  ) {
    this.decisions.push({
      ...{ environments: ['Production'], state, user: login },
      ...(comment === undefined ? {} : { comment }),
    });
  }

  count(what: string): number {
    return this.asked.filter(item => item === what).length;
  }

  provider(): DeliveryProvider {
    const answer = async <TValue>(what: string, value: () => TValue) => {
      this.asked.push(what);
      if (this.failure) throw this.failure;
      return value();
    };
    const never = async (): Promise<never> => {
      throw new Error('Nothing may be written from here');
    };
    const acts: VendorActs = {
      readGateRun: () => answer('run', () => this.run),
      readGate: () => answer('gate', () => this.reading),
      readEnvironment: () => answer('environment', () => this.reading),
      readRange: () =>
        answer('range', () => {
          if (!this.range) throw new NotFoundError('No such commit');
          return this.range;
        }),
      readChecks: () => answer('checks', () => this.checks),
      readDecisions: () => answer('decisions', () => []),
      ...{ identify: never, decide: never, rerun: never },
      ...{ cancel: never, dispatch: never },
    };
    return {
      ...{ id: 'fake', hosts: ['github.com'], acts },
      parseEvent: () => ({ kind: 'changes', changes: [] }),
      listChanges: async () => ({ changes: [] }),
      listApprovals: () => answer('approvals', () => [...this.decisions]),
    };
  }
}
