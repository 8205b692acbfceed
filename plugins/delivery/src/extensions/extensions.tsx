import {
  ApiBlueprint,
  coreExtensionData,
  createExtensionInput,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';
import {
  isDeliveryAvailable,
  RUNS_PAGE,
} from 'backstage-plugin-delivery-common';
import { Fragment } from 'react';
import { z } from 'zod';
import { deliveryApiFactory } from '../api/deliveryApiFactory';
import { ENVIRONMENTS_PANEL } from '../hooks/useEnvironmentChoice';
import { CONFORMANCE_PANEL } from '../hooks/useConformance';
import { DORA_PANEL } from '../hooks/useDoraChoice';
import { rootRouteRef } from '../routes';
import { DeliveryIcon } from '../ui/icons';
import {
  DeliveryHeaderWidgetBlueprint,
  DeliveryPanelBlueprint,
} from './blueprints';

/** `api:delivery` */
export const deliveryApi = ApiBlueprint.make({
  params: defineParams => defineParams(deliveryApiFactory),
});

/** `page:delivery`: all services; also the canonical addresses of runs. */
export const deliveryPage = PageBlueprint.make({
  params: {
    path: '/delivery',
    title: 'Delivery',
    icon: <DeliveryIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    loader: () =>
      import('../components/DeliveryPage/DeliveryPage').then(m => (
        <m.DeliveryPage />
      )),
  },
});

/** `delivery-panel:delivery/runs` */
export const runsPanel = DeliveryPanelBlueprint.makeWithOverrides({
  name: 'runs',
  configSchema: {
    /** `all`: also runs of the repository that are not this service's, until somebody says otherwise. */
    defaultScope: z.enum(['service', 'all']).optional(),
    pageSize: z.number().int().min(1).max(RUNS_PAGE.max).optional(),
  },
  factory(originalFactory, { config }) {
    return originalFactory({
      path: 'runs',
      title: 'Runs',
      order: 100,
      loader: () =>
        import('../components/RunsPanel/RunsPanel').then(m => (
          <m.RunsPanel
            title={config.title}
            defaultScope={config.defaultScope}
            pageSize={config.pageSize}
          />
        )),
    });
  },
});

/** `delivery-panel:delivery/environments` */
export const environmentsPanel = DeliveryPanelBlueprint.makeWithOverrides({
  name: 'environments',
  factory(originalFactory, { config }) {
    return originalFactory({
      path: ENVIRONMENTS_PANEL,
      title: 'Environments',
      order: 200,
      loader: () =>
        import('../components/EnvironmentsPanel').then(m => (
          <m.EnvironmentsPanel title={config.title} />
        )),
    });
  },
});

/** `delivery-panel:delivery/dora` */
export const doraPanel = DeliveryPanelBlueprint.makeWithOverrides({
  name: 'dora',
  factory(originalFactory, { config }) {
    return originalFactory({
      path: DORA_PANEL,
      title: 'DORA',
      order: 300,
      loader: () =>
        import('../components/DoraPanel').then(m => (
          <m.DoraPanel title={config.title} />
        )),
    });
  },
});

/** `delivery-panel:delivery/audit` */
export const auditPanel = DeliveryPanelBlueprint.makeWithOverrides({
  name: 'audit',
  factory(originalFactory, { config }) {
    return originalFactory({
      path: 'audit',
      title: 'Audit',
      order: 400,
      loader: () =>
        import('../components/AuditPanel').then(m => (
          <m.AuditPanel title={config.title} />
        )),
    });
  },
});

/** `delivery-panel:delivery/conformance` */
export const conformancePanel = DeliveryPanelBlueprint.makeWithOverrides({
  name: 'conformance',
  factory(originalFactory, { config }) {
    return originalFactory({
      path: CONFORMANCE_PANEL,
      title: 'Conformance',
      order: 500,
      loader: () =>
        import('../components/ConformancePanel').then(m => (
          <m.ConformancePanel title={config.title} />
        )),
    });
  },
});

/** `delivery-header-widget:delivery/conformance`: how many rules hold, with the way to them. */
export const conformanceWidget = DeliveryHeaderWidgetBlueprint.make({
  name: 'conformance',
  params: {
    order: 120,
    loader: () =>
      import('../components/ConformancePanel').then(m => (
        <m.ConformanceScore />
      )),
  },
});

/** `delivery-header-widget:delivery/approvals`: what waits for a decision, above everything else. */
export const approvalsWidget = DeliveryHeaderWidgetBlueprint.make({
  name: 'approvals',
  params: {
    order: 50,
    loader: () =>
      import('../components/ApprovalCard').then(m => <m.ApprovalCard />),
  },
});

/** `delivery-header-widget:delivery/environments` */
export const environmentsWidget = DeliveryHeaderWidgetBlueprint.make({
  name: 'environments',
  params: {
    order: 100,
    loader: () =>
      import('../components/EnvironmentStrip').then(m => (
        <m.EnvironmentStrip />
      )),
  },
});

/** `delivery-header-widget:delivery/dora`: four metrics, each with the way to its rows. */
export const doraWidget = DeliveryHeaderWidgetBlueprint.make({
  name: 'dora',
  params: {
    order: 150,
    loader: () => import('../components/DoraTiles').then(m => <m.DoraStrip />),
  },
});

/** `entity-content:delivery` */
export const entityContent = EntityContentBlueprint.makeWithOverrides({
  inputs: {
    panels: createExtensionInput([
      coreExtensionData.reactElement,
      DeliveryPanelBlueprint.dataRefs.place,
    ]),
    widgets: createExtensionInput([
      coreExtensionData.reactElement,
      DeliveryHeaderWidgetBlueprint.dataRefs.order,
    ]),
  },
  factory(originalFactory, { inputs }) {
    const panels = inputs.panels
      .map(panel => ({
        ...panel.get(DeliveryPanelBlueprint.dataRefs.place),
        element: panel.get(coreExtensionData.reactElement),
      }))
      .sort((a, b) => a.order - b.order);
    const widgets = inputs.widgets
      .map(widget => ({
        id: widget.node.spec.id,
        order: widget.get(DeliveryHeaderWidgetBlueprint.dataRefs.order),
        element: widget.get(coreExtensionData.reactElement),
      }))
      .sort((a, b) => a.order - b.order);
    return originalFactory({
      path: '/delivery',
      title: 'Delivery',
      group: 'deployment',
      filter: isDeliveryAvailable,
      loader: () =>
        import('../components/DeliveryContent/DeliveryTab').then(m => (
          <m.DeliveryTab
            panels={panels}
            widgets={
              widgets.length > 0 &&
              widgets.map(({ id, element }) => (
                <Fragment key={id}>{element}</Fragment>
              ))
            }
          />
        )),
    });
  },
});

/** `entity-card:delivery` */
export const entityCard = EntityCardBlueprint.makeWithOverrides({
  configSchema: {
    /** Address of the tab, when its own path was changed. */
    tabPath: z.string().optional(),
  },
  factory(originalFactory, { config }) {
    return originalFactory({
      // Beside the facts of the service: below its lists of relations nobody would find it.
      type: 'info',
      filter: isDeliveryAvailable,
      loader: () =>
        import('../components/DeliveryCard/DeliveryCard').then(m => (
          <m.DeliveryCard tabPath={config.tabPath} />
        )),
    });
  },
});

/** `scaffolder-form-field:delivery/environments`: only where the portal has a scaffolder. */
export const environmentsField = FormFieldBlueprint.make({
  name: 'environments',
  params: {
    field: () =>
      import('../components/EnvironmentsField/formField').then(
        m => m.environmentsFormField,
      ),
  },
});
