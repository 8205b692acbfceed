import type {
  ApprovalDetail,
  ApprovalSummary,
  DeliveryClient,
} from 'backstage-plugin-delivery-common';
import {
  auditList,
  dispatchOptions,
  everyEntry,
  everyFinding,
  findings,
  rollbackOptions,
  withEmergency,
} from './actFixtures';
import {
  approval,
  approvalDetail,
  approvalList,
  approvedOperation,
  everyApproval,
  hostileDetail,
  myActs,
  operation,
  OPERATION_ID,
} from './approvalFixtures';
import { HOSTILE, NOW } from './fixtures';
import { moveToNow } from './showcaseFixtures';

type Refuse = (
  status: number,
  message: string,
  code?: string,
) => Promise<never>;

const id = (n: number) => `${n}`.padStart(24, '0');

const notAllowed = approval({
  id: id(1),
  title: 'Asked for by the one who looks',
  mine: false,
});
const stale = approval({ id: id(2), title: 'Changes while it is looked at' });
const hostile = approval({ id: id(3), title: HOSTILE, mine: false });
const slow = approval({ id: id(4), title: 'Never loads', mine: false });
const gone = approval({ id: id(5), title: 'Is gone when opened', mine: false });
const frozen = approval({ id: id(6), title: 'Meets a freeze window' });

/** What waits in the showcase, one for each state of the drawer. */
export const waitingApprovals = [
  approval(),
  frozen,
  stale,
  notAllowed,
  hostile,
  slow,
  gone,
];

const detailOf: Record<string, Partial<ApprovalDetail>> = {
  [notAllowed.id]: {
    you: {
      allowed: false,
      reason: {
        code: 'self_review',
        message:
          'You started this run: ask cleo or somebody of vaultex/release.',
      },
    },
  },
  [frozen.id]: {
    policy: [
      {
        code: 'freeze',
        state: 'fail',
        message: 'The freeze window "Black Friday" lasts until 1 December.',
      },
    ],
  },
};

const STEP_MS = 900;

/** Answers of everything that acts, with decisions that take a few seconds. */
export function actingClient(refuse: Refuse) {
  let approvals: ApprovalSummary[] = [...waitingApprovals, ...everyApproval];
  const begun = new Map<string, number>();
  const started = async () => ({ operationId: OPERATION_ID });
  let looks = 0;
  return {
    approvals: async ({ query }) => {
      const decided = query?.scope === 'decided';
      return moveToNow(
        approvalList(
          approvals.filter(
            ({ mine, state }) =>
              decided === (state !== 'waiting') &&
              (query?.scope !== 'mine' || mine),
          ),
        ),
      );
    },
    approval: async ({ params }) => {
      if (params.id === slow.id) return new Promise<never>(() => undefined);
      const found = approvals.find(one => one.id === params.id);
      if (!found || params.id === gone.id) return refuse(404, 'It is gone.');
      if (params.id === hostile.id) return moveToNow(hostileDetail());
      looks += 1;
      return moveToNow(
        approvalDetail({
          approval: found,
          viewHash: params.id === stale.id ? `view-${looks}` : 'view-1',
          ...detailOf[params.id],
        }),
      );
    },
    decide: async ({ params, body }) => {
      if (params.id === stale.id && looks < 4) {
        return refuse(
          409,
          'It changed since you looked: the run was started again (attempt 2).',
          'stale_view',
        );
      }
      begun.set(params.id, Date.now());
      setTimeout(() => {
        approvals = approvals.map(one =>
          one.id === params.id
            ? {
                ...one,
                state: body.decision === 'approve' ? 'approved' : 'rejected',
                decided: {
                  by: { login: 'cleo' },
                  at: NOW,
                  comment: body.comment,
                  via: 'portal',
                },
              }
            : one,
        );
      }, 6 * STEP_MS);
      return started();
    },
    approvalOperation: async ({ params }) => {
      const done = (Date.now() - (begun.get(params.id) ?? 0)) / STEP_MS;
      return moveToNow(
        done >= 6 ? approvedOperation : operation(Math.floor(done)),
      );
    },
    operation: async () => moveToNow(approvedOperation),
    myActs: async () => myActs(),
    rerun: started,
    cancel: started,
    dispatch: started,
    rollback: started,
    dispatchOptions: async () => dispatchOptions(),
    rollbackOptions: async ({ params: { environment } }) =>
      moveToNow(rollbackOptions({ environment, ...withEmergency })),
    audit: async () => moveToNow(auditList({ items: everyEntry })),
    auditAll: async () => moveToNow(auditList({ items: everyEntry })),
    auditExport: async () => new Response('{}\n'),
    findings: async ({ query }) =>
      moveToNow(
        findings({
          items: everyFinding.filter(
            ({ state }) => query?.state === 'all' || state === 'open',
          ),
        }),
      ),
    reviewFinding: () => refuse(404, 'It is gone.'),
  } satisfies Partial<DeliveryClient>;
}
