import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
import { useOverview } from '../../hooks/useOverview';
import { DoraTiles } from './DoraTiles';

/**
 * Four DORA metrics of the service in context in one line, from what the tab has read anyway.
 * @public
 */
export function DoraStrip() {
  const { entity } = useEntity();
  const { data } = useOverview(stringifyEntityRef(entity), {
    enabled: isDeliveryAvailable(entity),
  });
  return <DoraTiles tiles={data?.dora} />;
}
