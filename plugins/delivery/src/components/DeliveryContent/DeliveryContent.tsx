import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { DORA_PANEL } from '../../hooks/useDoraChoice';
import { ENVIRONMENTS_PANEL } from '../../hooks/useEnvironmentChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { ApprovalCard } from '../ApprovalCard';
import { AuditPanel } from '../AuditPanel';
import { DoraPanel } from '../DoraPanel';
import { DoraStrip } from '../DoraTiles';
import { EnvironmentsPanel } from '../EnvironmentsPanel';
import { EnvironmentStrip } from '../EnvironmentStrip';
import { RunsPanel } from '../RunsPanel/RunsPanel';
import { DeliveryTab } from './DeliveryTab';
import type { DeliveryPanel } from './DeliveryTab';

/** @public */
export interface DeliveryContentProps {
  /** Parts of the tab in their order; runs, environments, DORA and audit when absent. */
  panels?: DeliveryPanel[];
  /** Small things above the parts; what waits for a decision, the environments and four metrics when absent. */
  widgets?: ReactNode;
}

/**
 * Content of the tab "Delivery" of the service in context.
 * @public
 */
export function DeliveryContent(props: DeliveryContentProps) {
  const t = useT();
  const panels = useMemo(
    () =>
      props.panels ?? [
        { path: 'runs', title: t('runs.title'), element: <RunsPanel /> },
        {
          path: ENVIRONMENTS_PANEL,
          title: t('environments.title'),
          element: <EnvironmentsPanel />,
        },
        { path: DORA_PANEL, title: t('dora.title'), element: <DoraPanel /> },
        { path: 'audit', title: t('audit.title'), element: <AuditPanel /> },
      ],
    [props.panels, t],
  );
  const usual = (
    <>
      <ApprovalCard />
      <EnvironmentStrip />
      <DoraStrip />
    </>
  );
  return (
    <DeliveryTab
      panels={panels}
      widgets={props.widgets === undefined ? usual : props.widgets}
    />
  );
}
