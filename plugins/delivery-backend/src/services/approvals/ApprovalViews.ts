import type { ApprovalSummary } from 'backstage-plugin-delivery-common';

/** What of approvals the pages are shown. */
export interface ApprovalViews {
  /** Those that wait, of one service; the same for everybody who may read it. */
  openOf(entityRef: string): Promise<ApprovalSummary[]>;
  /** Those of one run, newest first; the same for everybody who may read it. */
  ofRun(runKey: string): Promise<ApprovalSummary[]>;
}
