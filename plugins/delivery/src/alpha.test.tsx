import {
  coreExtensionData,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import type { ExtensionDefinition } from '@backstage/frontend-plugin-api';
import {
  createExtensionTester,
  mockApis,
  renderTestApp,
} from '@backstage/frontend-test-utils';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  catalogApiMock,
  createTestEntityPage,
} from '@backstage/plugin-catalog-react/testUtils';
import { catalogApiRef, entityRouteRef } from '@backstage/plugin-catalog-react';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { DeliveryClient } from 'backstage-plugin-delivery-common';
import { approval } from '../dev/approvalFixtures';
import { doraTiles } from '../dev/doraFixtures';
import { four } from '../dev/environmentFixtures';
import { entity, overview } from '../dev/fixtures';
import plugin, {
  DeliveryHeaderWidgetBlueprint,
  DeliveryPanelBlueprint,
} from './alpha';
import { deliveryApiRef } from './api/DeliveryApi';
import { DeliveryApiClient } from './api/DeliveryApiClient';
import {
  entityContent,
  environmentsPanel,
  runsPanel,
} from './extensions/extensions';
import { fakeClient } from '../dev/testUtils/renderDelivery';

const withEnvironments = overview({ environments: four });

const api = (answers?: Partial<DeliveryClient>) =>
  new DeliveryApiClient({
    client: fakeClient(answers),
    identityApi: mockApis.identity({ userEntityRef: 'user:default/cleo' }),
  });

const apis = (answers?: Partial<DeliveryClient>) =>
  [
    [deliveryApiRef, api(answers)],
    [catalogApiRef, catalogApiMock({ entities: [entity()] })],
  ] as const;

const ENTITY_ROUTE = { '/catalog/:namespace/:kind/:name': entityRouteRef };

/** The tab of a component, with further extensions and configuration of extensions. */
function renderEntityPage(
  options: {
    client?: Partial<DeliveryClient>;
    extensions?: ExtensionDefinition[];
    config?: Record<
      string,
      false | { config: Record<string, string | number | boolean> }
    >;
  } = {},
) {
  return renderTestApp({
    features: [
      plugin,
      createFrontendModule({
        pluginId: 'delivery',
        extensions: [
          createTestEntityPage({ entity: entity() }),
          ...(options.extensions ?? []),
        ],
      }),
    ],
    config: {
      app: {
        extensions: [
          { 'entity-card:delivery': false },
          ...Object.entries(options.config ?? {}).map(([id, value]) => ({
            [id]: value,
          })),
        ],
      },
    },
    initialRouteEntries: ['/'],
    apis: apis(options.client),
  });
}

// Parts are loaded when they are needed; here all at once, so that no test waits for it.
beforeAll(async () => {
  await Promise.all([
    import('./components/ApprovalCard'),
    import('./components/DeliveryContent/DeliveryTab'),
    import('./components/DeliveryPage/DeliveryPage'),
    import('./components/AuditPanel'),
    import('./components/DoraPanel'),
    import('./components/DoraTiles'),
    import('./components/EnvironmentStrip'),
    import('./components/EnvironmentsPanel'),
    import('./components/RunsPanel/RunsPanel'),
  ]);
}, 60_000);

describe('extensions of the new frontend system', () => {
  it('offers the tab at /delivery, among deployments, only to entities with the annotation', () => {
    const tab = createExtensionTester(entityContent);
    expect(tab.get(coreExtensionData.routePath)).toBe('/delivery');
    expect(tab.get(EntityContentBlueprint.dataRefs.title)).toBe('Delivery');
    expect(tab.get(EntityContentBlueprint.dataRefs.group)).toBe('deployment');
    const filter = tab.get(EntityContentBlueprint.dataRefs.filterFunction);
    expect(filter?.(entity())).toBe(true);
    expect(filter?.(entity({}))).toBe(false);
  });

  it('takes another filter, path and title from the configuration', () => {
    const tab = createExtensionTester(entityContent, {
      config: {
        path: '/runs',
        title: 'Runs',
        filter: { kind: 'component', 'spec.type': 'library' },
      },
    });
    expect(tab.get(coreExtensionData.routePath)).toBe('/runs');
    expect(tab.get(EntityContentBlueprint.dataRefs.title)).toBe('Runs');
    const filter = tab.get(EntityContentBlueprint.dataRefs.filterFunction);
    expect(filter?.(entity())).toBe(false);
  });

  it('places and names a panel by its configuration', () => {
    const panel = createExtensionTester(runsPanel, {
      config: { title: 'Pipelines', order: 5, default: true },
    });
    expect(panel.get(DeliveryPanelBlueprint.dataRefs.place)).toEqual({
      path: 'runs',
      title: 'Pipelines',
      order: 5,
      default: true,
    });
  });

  it('shows the runs in the tab', async () => {
    renderEntityPage();
    expect(
      await screen.findByText('Fix rounding in refunds'),
    ).toBeInTheDocument();
    expect(screen.getByRole('tab', { name: 'Runs' })).toHaveAttribute(
      'aria-selected',
      'true',
    );
  });

  it('shows the environments second, and each of them above the parts', async () => {
    renderEntityPage({ client: { overview: async () => withEnvironments } });
    await userEvent.click(
      await screen.findByRole('button', { name: /^staging/ }),
    );
    expect(
      await screen.findByRole('tab', { name: 'Environments', selected: true }),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('button', { name: 'staging', pressed: true }),
    ).toBeInTheDocument();
    expect(
      screen.getAllByRole('tab').map(({ textContent }) => textContent),
    ).toEqual(['Runs', 'Environments', 'DORA', 'Audit', 'Conformance']);
  });

  it('names and places the environments by their configuration, or leaves them out', async () => {
    const panel = createExtensionTester(environmentsPanel, {
      config: { title: 'Stages', order: 5, default: true },
    });
    expect(panel.get(DeliveryPanelBlueprint.dataRefs.place)).toEqual({
      path: 'environments',
      title: 'Stages',
      order: 5,
      default: true,
    });
    renderEntityPage({
      client: { overview: async () => withEnvironments },
      config: {
        'delivery-panel:delivery/environments': false,
        'delivery-panel:delivery/dora': false,
        'delivery-panel:delivery/audit': false,
        'delivery-panel:delivery/conformance': false,
        'delivery-header-widget:delivery/environments': false,
      },
    });
    expect(
      await screen.findByText('Fix rounding in refunds'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('tab')).not.toBeInTheDocument();
    expect(screen.queryByText('staging')).toBeNull();
  });

  it('shows what waits for a decision above the parts, unless it is switched off', async () => {
    const client = {
      overview: async () => overview({ approvals: [approval()] }),
    };
    const first = renderEntityPage({ client });
    expect(
      await screen.findByRole('button', {
        name: 'Review 9f31c07 for production',
      }),
    ).toBeInTheDocument();
    first.unmount();
    renderEntityPage({
      client,
      config: { 'delivery-header-widget:delivery/approvals': false },
    });
    expect(
      await screen.findByText('Fix rounding in refunds'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Review/ })).toBeNull();
  });

  it('has a page of approvals', async () => {
    renderTestApp({
      features: [plugin],
      initialRouteEntries: ['/delivery/approvals'],
      mountedRoutes: ENTITY_ROUTE,
      apis: apis(),
    });
    expect(
      await screen.findByRole('list', { name: 'Approvals' }),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Matrix' })).toHaveAttribute(
      'href',
      '/delivery',
    );
  });

  it('has the audit after everything else, and a page of it', async () => {
    const first = renderEntityPage();
    await userEvent.click(await screen.findByRole('tab', { name: 'Audit' }));
    expect(await screen.findByText('entry 4711')).toBeInTheDocument();
    first.unmount();
    renderTestApp({
      features: [plugin],
      initialRouteEntries: ['/delivery/audit'],
      mountedRoutes: ENTITY_ROUTE,
      apis: apis(),
    });
    expect(await screen.findByText('entry 4711')).toBeInTheDocument();
    expect(
      screen.getByRole('heading', { name: 'To look into' }),
    ).toBeInTheDocument();
  });

  it('shows the metrics before the audit, with tiles that lead to them, unless these are switched off', async () => {
    const client = { overview: async () => overview({ dora: doraTiles() }) };
    const first = renderEntityPage({ client });
    await userEvent.click(
      await screen.findByRole('button', { name: /^Change fail rate/ }),
    );
    expect(
      await screen.findByRole('tab', { name: 'DORA', selected: true }),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('heading', {
        name: 'Change fail rate',
        level: 2,
      }),
    ).toBeInTheDocument();
    first.unmount();
    renderEntityPage({
      client,
      config: { 'delivery-header-widget:delivery/dora': false },
    });
    expect(
      await screen.findByText('Fix rounding in refunds'),
    ).toBeInTheDocument();
    expect(screen.queryByText('Change fail rate')).toBeNull();
  });

  it('leads nowhere from the line above when there is no part to lead to', async () => {
    renderEntityPage({
      client: { overview: async () => withEnvironments },
      config: { 'delivery-panel:delivery/environments': false },
    });
    expect(await screen.findByText('staging')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /staging/ })).toBeNull();
  });

  it('shows parts of somebody else in the configured order', async () => {
    renderEntityPage({
      extensions: [
        DeliveryPanelBlueprint.make({
          name: 'costs',
          params: {
            path: 'costs',
            title: 'Costs',
            loader: async () => <p>what it costs</p>,
          },
        }),
        DeliveryHeaderWidgetBlueprint.make({
          name: 'motto',
          params: { loader: async () => <p>ship it</p> },
        }),
      ],
      config: { 'delivery-panel:delivery/costs': { config: { order: 1 } } },
    });
    const tabs = await screen.findAllByRole('tab');
    expect(tabs.map(({ textContent }) => textContent)).toEqual([
      'Costs',
      'Runs',
      'Environments',
      'DORA',
      'Audit',
      'Conformance',
    ]);
    expect(await screen.findByText('what it costs')).toBeInTheDocument();
    expect(await screen.findByText('ship it')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('tab', { name: 'Runs' }));
    expect(
      await screen.findByText('Fix rounding in refunds'),
    ).toBeInTheDocument();
  });

  it('shows another part alone when the runs are switched off', async () => {
    renderEntityPage({
      extensions: [
        DeliveryPanelBlueprint.make({
          name: 'costs',
          params: {
            path: 'costs',
            title: 'Costs',
            loader: async () => <p>what it costs</p>,
          },
        }),
      ],
      config: {
        'delivery-panel:delivery/runs': false,
        'delivery-panel:delivery/environments': false,
        'delivery-panel:delivery/dora': false,
        'delivery-panel:delivery/audit': false,
        'delivery-panel:delivery/conformance': false,
      },
    });
    expect(await screen.findByText('what it costs')).toBeInTheDocument();
    expect(screen.queryByText('Fix rounding in refunds')).toBeNull();
  });

  it('resolves the address of a run, on the page of the plugin', async () => {
    renderTestApp({
      features: [plugin],
      initialRouteEntries: ['/delivery/runs/gh.1287'],
      mountedRoutes: ENTITY_ROUTE,
      apis: apis(),
    });
    expect(
      await screen.findByRole('heading', { name: /#1287 Fix rounding/ }),
    ).toBeInTheDocument();
  });

  it('shows all services on its own page', async () => {
    renderTestApp({
      features: [plugin],
      initialRouteEntries: ['/delivery'],
      mountedRoutes: ENTITY_ROUTE,
      apis: apis(),
    });
    expect(
      await screen.findByRole('table', { name: /Services and what/ }),
    ).toBeInTheDocument();
  });

  it('leads to GitHub when the page is switched off', async () => {
    renderEntityPage({ config: { 'page:delivery': false } });
    expect(
      await screen.findByRole('link', { name: /Fix rounding in refunds/ }),
    ).toHaveAttribute(
      'href',
      'https://github.com/vaultex/vaultex/actions/runs/1287',
    );
  });
});
