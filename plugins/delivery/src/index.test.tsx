import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import { Route, Routes } from 'react-router-dom';
import { approval } from '../dev/approvalFixtures';
import { entity, overview } from '../dev/fixtures';
import {
  deliveryApiRef,
  DeliveryApiClient,
  DeliveryPage,
  deliveryPlugin,
  DeliverySidebarItem,
  EntityDeliveryApprovals,
  EntityDeliveryAuditPanel,
  EntityDeliveryCard,
  EntityDeliveryContent,
  EntityDeliveryEnvironmentsPanel,
  EntityDeliveryRunsPanel,
  isDeliveryAvailable,
} from '.';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import type { DeliveryClient } from 'backstage-plugin-delivery-common';
import type { ReactElement } from 'react';
import { rootRouteRef } from './routes';
import { fakeClient } from '../dev/testUtils/renderDelivery';

function show(
  element: ReactElement,
  at = '/',
  answers: Partial<DeliveryClient> = {},
) {
  const client = fakeClient(answers);
  const api = new DeliveryApiClient({
    client,
    identityApi: mockApis.identity({ userEntityRef: 'user:default/cleo' }),
  });
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [deliveryApiRef, api],
        [catalogApiRef, catalogApiMock({ entities: [entity()] })],
      ]}
    >
      <EntityProvider entity={entity()}>
        <Routes>
          <Route path="/" element={element} />
          <Route path="/delivery/*" element={<DeliveryPage />} />
        </Routes>
      </EntityProvider>
    </TestApiProvider>,
    {
      routeEntries: [at],
      mountedRoutes: {
        '/delivery': rootRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
    },
  );
}

// Parts are loaded when they are needed; here all at once, so that no test waits for it.
beforeAll(async () => {
  await Promise.all([
    import('./components/ApprovalCard'),
    import('./components/DeliveryContent'),
    import('./components/DeliveryCard/DeliveryCard'),
    import('./components/DeliveryPage/LegacyDeliveryPage'),
    import('./components/AuditPanel'),
    import('./components/EnvironmentsPanel'),
  ]);
}, 60_000);

describe('the old frontend system', () => {
  it('has the same API factory and routes', () => {
    expect(deliveryPlugin.getId()).toBe('delivery');
    expect([...deliveryPlugin.getApis()].map(({ api }) => api.id)).toEqual([
      'plugin.delivery.client',
    ]);
    expect(isDeliveryAvailable(entity())).toBe(true);
    expect(isDeliveryAvailable(entity({}))).toBe(false);
  });

  it('shows the tab', async () => {
    await show(<EntityDeliveryContent />);
    expect(
      await screen.findByText('Fix rounding in refunds'),
    ).toBeInTheDocument();
  });

  it('takes the parts of the tab as a property', async () => {
    await show(
      <EntityDeliveryContent
        panels={[
          { path: 'costs', title: 'Costs', element: <p>what it costs</p> },
          {
            path: 'runs',
            title: 'Runs',
            default: true,
            element: <EntityDeliveryRunsPanel title="Pipelines" />,
          },
        ]}
      />,
    );
    expect(
      await screen.findByRole('tab', { name: 'Runs', selected: true }),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('heading', { name: 'Pipelines' }),
    ).toBeInTheDocument();
  });

  it('shows the environments as a part of the tab', async () => {
    await show(
      <EntityDeliveryContent
        panels={[
          {
            path: 'environments',
            title: 'Environments',
            element: <EntityDeliveryEnvironmentsPanel title="Stages" />,
          },
        ]}
      />,
    );
    expect(
      await screen.findByRole('button', { name: 'production', pressed: true }),
    ).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Stages' })).toBeInTheDocument();
  });

  it('shows what waits for a decision', async () => {
    await show(<EntityDeliveryApprovals />, '/', {
      overview: async () => overview({ approvals: [approval()] }),
    });
    expect(
      await screen.findByRole('button', {
        name: 'Review 9f31c07 for production',
      }),
    ).toBeInTheDocument();
  });

  it('shows the audit as a part of the tab', async () => {
    await show(<EntityDeliveryAuditPanel title="Who did what" />);
    expect(await screen.findByText('entry 4711')).toBeInTheDocument();
    expect(
      screen.getByRole('heading', { name: 'Who did what' }),
    ).toBeInTheDocument();
  });

  it('has an entry for a sidebar', async () => {
    await show(<DeliverySidebarItem />);
    expect(
      await screen.findByRole('link', {
        name: 'Delivery, 1 approval waits for you',
      }),
    ).toHaveAttribute('href', '/delivery');
  });

  it('shows the card', async () => {
    await show(<EntityDeliveryCard />);
    expect(await screen.findByText('Running now')).toBeInTheDocument();
    expect(screen.getByText('Last run')).toBeInTheDocument();
  });

  it('frames the page of a run', async () => {
    await show(<p>no</p>, '/delivery/runs/gh.1287');
    expect(
      await screen.findByRole('heading', {
        name: `#1287 ${overview().runs.items[0].title}`,
      }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('heading', { name: 'Delivery', level: 1 }),
    ).toBeInTheDocument();
  });
});
