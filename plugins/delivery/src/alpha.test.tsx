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
import { entity } from '../dev/fixtures';
import plugin, {
  DeliveryHeaderWidgetBlueprint,
  DeliveryPanelBlueprint,
} from './alpha';
import { deliveryApiRef } from './api/DeliveryApi';
import { DeliveryApiClient } from './api/DeliveryApiClient';
import { entityContent, runsPanel } from './extensions/extensions';
import { fakeClient } from '../dev/testUtils/renderDelivery';

const api = () =>
  new DeliveryApiClient({
    client: fakeClient(),
    identityApi: mockApis.identity({ userEntityRef: 'user:default/cleo' }),
  });

const apis = () =>
  [
    [deliveryApiRef, api()],
    [catalogApiRef, catalogApiMock({ entities: [entity()] })],
  ] as const;

const ENTITY_ROUTE = { '/catalog/:namespace/:kind/:name': entityRouteRef };

/** The tab of a component, with further extensions and configuration of extensions. */
function renderEntityPage(
  options: {
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
    apis: apis(),
  });
}

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
    expect(screen.queryByRole('tab')).not.toBeInTheDocument();
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
      config: { 'delivery-panel:delivery/runs': false },
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

  it('says on its own page where runs are', async () => {
    renderTestApp({
      features: [plugin],
      initialRouteEntries: ['/delivery'],
      apis: apis(),
    });
    expect(
      await screen.findByText('Runs are on the page of each service'),
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
