import type { ComponentType, ReactElement } from 'react';
import type { T } from '../../translation/deliveryTranslationRef';
import { ApprovalsPage } from '../ApprovalsPage/ApprovalsPage';
import { WaitingCount } from '../ApprovalsPage/WaitingCount';
import { AuditPage } from '../AuditPage';
import { ConformancePage } from '../ConformancePage';
import { DoraPage } from '../DoraPage';
import { MatrixPage } from '../MatrixPage/MatrixPage';

/** A page beside the others, with its own address under the plugin's. */
export interface DeliverySubPage {
  /** Below the address of the plugin; empty for the first one. */
  path: string;
  title: (t: T) => string;
  element: ReactElement;
  /** Beside the title. */
  Mark?: ComponentType;
}

/** In the order of their tabs. */
export const PAGES: readonly DeliverySubPage[] = [
  { path: '', title: t => t('matrix.title'), element: <MatrixPage /> },
  {
    path: 'approvals',
    title: t => t('approvals.title'),
    element: <ApprovalsPage />,
    Mark: WaitingCount,
  },
  { path: 'dora', title: t => t('doraPage.title'), element: <DoraPage /> },
  {
    path: 'conformance',
    title: t => t('conformance.title'),
    element: <ConformancePage />,
  },
  { path: 'audit', title: t => t('audit.title'), element: <AuditPage /> },
];
