import { AwsCloud, ServiceName } from '../aws/cloud';
import { PlacesOf } from '../state';

/** What onboarding writes on a service: whose it is. */
const ENTITY_TAG = 'delivery.platform/entity';

/**
 * Where components run, also those that were created later: their services carry the component's name or its tag, and
 * their environment is the name of the account.
 */
export function withCreated(cloud: AwsCloud, known: PlacesOf): PlacesOf {
  return component => {
    const places = known(component);
    if (places.length > 0) return places;
    const entity = `component:default/${component}`;
    const accounts = new Map(
      cloud.records.accounts.map(({ id, name }) => [id, name]),
    );
    return cloud.records.services
      .filter(
        service =>
          service.status === 'ACTIVE' &&
          (service.name === component || service.tags[ENTITY_TAG] === entity),
      )
      .map(({ accountId, region, cluster, name }) => {
        const service: ServiceName = {
          accountId,
          region,
          cluster,
          service: name,
        };
        return {
          environment: accounts.get(accountId) ?? accountId,
          name: service,
        };
      });
  };
}
