import type { Entity } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { scmAuthApiRef } from '@backstage/integration-react';
import type { ScmAuthApi } from '@backstage/integration-react';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { QueryClient } from '@tanstack/react-query';
import type { RenderResult } from '@testing-library/react';
import type { DeliveryClient } from 'backstage-plugin-delivery-common';
import type { ReactElement } from 'react';
import { Route, Routes, useLocation } from 'react-router-dom';
import {
  auditList,
  dispatchOptions,
  findings,
  rollbackOptions,
} from '../actFixtures';
import {
  approvalDetail,
  approvalList,
  approvedOperation,
  myActs,
  OPERATION_ID,
} from '../approvalFixtures';
import { doraReport } from '../doraFixtures';
import { deploymentRow, doraRows } from '../doraRowFixtures';
import {
  comparison,
  environmentDetail,
  environments,
  history,
  named,
} from '../environmentFixtures';
import { entity as anEntity, overview, runDetail, runList } from '../fixtures';
import { conformanceReport, conformanceTable } from '../conformanceFixtures';
import { matrix } from '../matrixFixtures';
import { deliveryApiRef } from '../../src/api/DeliveryApi';
import { DeliveryApiClient } from '../../src/api/DeliveryApiClient';
import { rootRouteRef } from '../../src/routes';

/** A question that is never answered. */
export const pending = () => new Promise<never>(() => undefined);

const started = async () => ({ operationId: OPERATION_ID });

/** A client whose every operation answers with a fixture, unless told otherwise. */
export function fakeClient(
  answers: Partial<DeliveryClient> = {},
): jest.Mocked<DeliveryClient> {
  return {
    overview: jest.fn(answers.overview ?? (async () => overview())),
    runs: jest.fn(answers.runs ?? (async () => runList())),
    run: jest.fn(answers.run ?? (async () => runDetail())),
    log: jest.fn(answers.log ?? (async () => new Response(''))),
    environments: jest.fn(answers.environments ?? (async () => environments())),
    environment: jest.fn(
      answers.environment ??
        (async ({ params }) => environmentDetail(named(params.environment))),
    ),
    history: jest.fn(answers.history ?? (async () => history())),
    compare: jest.fn(answers.compare ?? (async () => comparison())),
    matrix: jest.fn(answers.matrix ?? (async () => matrix())),
    approvals: jest.fn(answers.approvals ?? (async () => approvalList())),
    approval: jest.fn(answers.approval ?? (async () => approvalDetail())),
    decide: jest.fn(answers.decide ?? started),
    approvalOperation: jest.fn(
      answers.approvalOperation ?? (async () => approvedOperation),
    ),
    operation: jest.fn(answers.operation ?? (async () => approvedOperation)),
    myActs: jest.fn(answers.myActs ?? (async () => myActs())),
    rerun: jest.fn(answers.rerun ?? started),
    cancel: jest.fn(answers.cancel ?? started),
    dispatchOptions: jest.fn(
      answers.dispatchOptions ?? (async () => dispatchOptions()),
    ),
    dispatch: jest.fn(answers.dispatch ?? started),
    rollbackOptions: jest.fn(
      answers.rollbackOptions ?? (async () => rollbackOptions()),
    ),
    rollback: jest.fn(answers.rollback ?? started),
    audit: jest.fn(answers.audit ?? (async () => auditList())),
    auditAll: jest.fn(answers.auditAll ?? (async () => auditList())),
    auditExport: jest.fn(answers.auditExport ?? (async () => new Response(''))),
    findings: jest.fn(answers.findings ?? (async () => findings())),
    reviewFinding: jest.fn(answers.reviewFinding ?? pending),
    conformance: jest.fn(
      answers.conformance ?? (async () => conformanceReport()),
    ),
    conformanceTable: jest.fn(
      answers.conformanceTable ?? (async () => conformanceTable()),
    ),
    dora: jest.fn(answers.dora ?? (async () => doraReport())),
    doraRows: jest.fn(
      answers.doraRows ??
        (async ({ params, query }) => doraRows(params.metric, query)),
    ),
    doraExport: jest.fn(answers.doraExport ?? (async () => new Response(''))),
    doraOverride: jest.fn(
      answers.doraOverride ??
        (async () => ({ deployment: deploymentRow(0), auditSeq: 4712 })),
    ),
  };
}

/** An error as the backend answers it. */
export function failing(
  status: number,
  name: string,
  message: string,
  code?: string,
) {
  return async (): Promise<never> => {
    throw await ResponseError.fromResponse(
      new Response(
        JSON.stringify({
          error: { name, message, code },
          request: { method: 'GET', url: '/' },
          response: { statusCode: status },
        }),
        {
          status,
          statusText: name,
          headers: { 'content-type': 'application/json' },
        },
      ),
    );
  };
}

/** A sign-in at the vendor that gives this token, or fails. */
export function fakeScmAuth(token: string | Error) {
  return {
    getCredentials: jest.fn(async () => {
      if (token instanceof Error) throw token;
      return { token, headers: {} };
    }),
  } satisfies ScmAuthApi;
}

/** Signals under the test's control. */
export function fakeSignals() {
  const listeners = new Map<string, (message: {}) => void>();
  return {
    send: (channel: string) => listeners.get(channel)?.({}),
    channels: () => [...listeners.keys()],
    api: {
      subscribe: (channel: string, onMessage: (message: never) => void) => {
        listeners.set(channel, onMessage as (message: {}) => void);
        return { unsubscribe: () => listeners.delete(channel) };
      },
    },
  };
}

function Address() {
  const { pathname, search } = useLocation();
  return <output data-testid="address">{pathname + search}</output>;
}

/** The part of the address that a test looks at. */
export const address = () =>
  document.querySelector('[data-testid=address]')?.textContent ?? '';

/**
 * Renders a screen as a portal would: with the plugin's API, a catalog, routes, and the entity in context. The screen stands at `at`,
 * every other address shows only itself.
 */
export function renderDelivery(
  element: ReactElement,
  options: {
    client?: ReturnType<typeof fakeClient>;
    signals?: ReturnType<typeof fakeSignals>;
    /** Absent: the portal has no sign-in for source code hosts. */
    scmAuth?: ScmAuthApi;
    entity?: Entity;
    path?: string;
    at?: string;
  } = {},
): RenderResult & {
  client: ReturnType<typeof fakeClient>;
  api: DeliveryApiClient;
} {
  const entity = options.entity ?? anEntity();
  const client = options.client ?? fakeClient();
  const api = new DeliveryApiClient({
    client,
    identityApi: mockApis.identity({ userEntityRef: 'user:default/cleo' }),
    queries: new QueryClient({
      defaultOptions: { queries: { retry: false, staleTime: 5_000 } },
    }),
  });
  const view = renderInTestApp(
    <EntityProvider entity={entity}>
      <div data-testid="root">
        <Routes>
          <Route path={options.path ?? '/'} element={element} />
          <Route path="*" element={<></>} />
        </Routes>
      </div>
      <Address />
    </EntityProvider>,
    {
      mountPath: '/*',
      initialRouteEntries: [options.at ?? '/'],
      mountedRoutes: {
        '/delivery': rootRouteRef,
        '/catalog/:namespace/:kind/:name': entityRouteRef,
      },
      apis: [
        [deliveryApiRef, api],
        [catalogApiRef, catalogApiMock({ entities: [entity] })],
        // Always, even if it is nothing: the app's own would open a window.
        [scmAuthApiRef, options.scmAuth as ScmAuthApi],
        ...(options.signals
          ? ([[signalApiRef, options.signals.api]] as const)
          : []),
      ],
    },
  );
  return { ...view, client, api };
}
