import {
  coreExtensionData,
  createExtensionBlueprint,
  createExtensionDataRef,
  ExtensionBoundary,
} from '@backstage/frontend-plugin-api';
import type { JSX } from 'react';
import { z } from 'zod';

/** Where a part stands and what it is called. */
export interface PanelPlace {
  path: string;
  title: string;
  order: number;
  default: boolean;
}

const panelPlaceDataRef = createExtensionDataRef<PanelPlace>().with({
  id: 'delivery.panel-place',
});

const orderDataRef = createExtensionDataRef<number>().with({
  id: 'delivery.order',
});

/**
 * A part of the Delivery tab: with several of them each is a sub-tab. Its element reads the service with `useEntity`.
 *
 * Config in `app.extensions`: `title`, `order` (low first) and `default` (shown when nobody has chosen).
 * @public
 */
export const DeliveryPanelBlueprint = createExtensionBlueprint({
  kind: 'delivery-panel',
  attachTo: { id: 'entity-content:delivery', input: 'panels' },
  output: [coreExtensionData.reactElement, panelPlaceDataRef],
  dataRefs: { place: panelPlaceDataRef },
  configSchema: {
    title: z.string().optional(),
    order: z.number().optional(),
    default: z.boolean().optional(),
  },
  *factory(
    params: {
      /** Short stable name, used in the address. */
      path: string;
      title: string;
      /** Low first; the runs are 100. */
      order?: number;
      loader: () => Promise<JSX.Element>;
    },
    { node, config },
  ) {
    yield coreExtensionData.reactElement(
      ExtensionBoundary.lazy(node, params.loader),
    );
    yield panelPlaceDataRef({
      path: params.path,
      title: config.title ?? params.title,
      order: config.order ?? params.order ?? 1000,
      default: config.default ?? false,
    });
  },
});

/**
 * Something small for the first line of the Delivery tab. Config: `order` (low first).
 * @public
 */
export const DeliveryHeaderWidgetBlueprint = createExtensionBlueprint({
  kind: 'delivery-header-widget',
  attachTo: { id: 'entity-content:delivery', input: 'widgets' },
  output: [coreExtensionData.reactElement, orderDataRef],
  dataRefs: { order: orderDataRef },
  configSchema: { order: z.number().optional() },
  *factory(
    params: { order?: number; loader: () => Promise<JSX.Element> },
    { node, config },
  ) {
    yield coreExtensionData.reactElement(
      ExtensionBoundary.lazy(node, params.loader),
    );
    yield orderDataRef(config.order ?? params.order ?? 1000);
  },
});
