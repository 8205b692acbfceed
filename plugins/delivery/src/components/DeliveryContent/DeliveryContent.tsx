import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { CONFORMANCE_PANEL } from '../../hooks/useConformance';
import { DORA_PANEL } from '../../hooks/useDoraChoice';
import { ENVIRONMENTS_PANEL } from '../../hooks/useEnvironmentChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { ApprovalCard } from '../ApprovalCard';
import { AuditPanel } from '../AuditPanel';
import { ConformancePanel, ConformanceScore } from '../ConformancePanel';
import { DoraPanel } from '../DoraPanel';
import { DoraStrip } from '../DoraTiles';
import { EnvironmentsPanel } from '../EnvironmentsPanel';
import { EnvironmentStrip } from '../EnvironmentStrip';
import { RunsPanel } from '../RunsPanel/RunsPanel';
import { DeliveryTab } from './DeliveryTab';
import type { DeliveryPanel } from './DeliveryTab';

/** @public */
export interface DeliveryContentProps {
  /** Parts of the tab in their order; runs, environments, DORA, audit and conformance when absent. */
  panels?: DeliveryPanel[];
  /** Small things above the parts; what waits for a decision, the environments, the rules that hold and four metrics when absent. */
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
        {
          path: CONFORMANCE_PANEL,
          title: t('conformance.title'),
          element: <ConformancePanel />,
        },
      ],
    [props.panels, t],
  );
  const usual = (
    <>
      <ApprovalCard />
      <EnvironmentStrip />
      <ConformanceScore />
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
