import { matchesEnvironment } from 'backstage-plugin-delivery-common/domain';
import type {
  EnvironmentBinding,
  EnvironmentStore,
} from '../../database/EnvironmentStore';

/** The service's environment that a vendor's name stands for. */
export async function environmentOf(
  store: Pick<EnvironmentStore, 'environmentsOf'>,
  entityRef: string,
  vendorName: string,
): Promise<EnvironmentBinding | undefined> {
  const bindings = await store.environmentsOf(entityRef);
  return bindings.find(({ match }) => matchesEnvironment(match, vendorName));
}
