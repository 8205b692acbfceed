import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { parseEntityRef, RELATION_OWNED_BY } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Finding } from 'backstage-plugin-delivery-common';

/** Tells the owners of a service that somebody went past its rules. Returns at once; failures are only logged. */
export function tellOwners(
  deps: {
    auth: AuthService;
    catalog: CatalogService;
    notifications?: NotificationService;
    logger: LoggerService;
  },
  finding: Finding,
): void {
  tell(deps, finding).catch(error =>
    deps.logger.warn('The owners could not be told of a broken glass', {
      ...{ finding: finding.id, reason: String(error) },
    }),
  );
}

async function tell(
  {
    auth,
    catalog,
    notifications,
  }: Pick<
    Parameters<typeof tellOwners>[0],
    'auth' | 'catalog' | 'notifications'
  >,
  finding: Finding,
): Promise<void> {
  if (!notifications) return;
  const entity = await catalog.getEntityByRef(finding.entityRef, {
    credentials: await auth.getOwnServiceCredentials(),
  });
  const owners = (entity?.relations ?? [])
    .filter(({ type }) => type === RELATION_OWNED_BY)
    .map(({ targetRef }) => targetRef);
  if (owners.length === 0) return;
  const { name } = parseEntityRef(finding.entityRef);
  await notifications.send({
    recipients: { type: 'entity', entityRef: owners },
    payload: {
      title: `The rules for production of ${name} were passed over`,
      description: finding.message,
      link: '/delivery/audit',
      severity: 'high',
      topic: 'delivery-break-glass',
      scope: `delivery-break-glass-${finding.id}`,
    },
  });
}
