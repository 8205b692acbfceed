import {
  type ClusterScope,
  parseRuntimeKey,
  type RuntimeRef,
} from 'backstage-plugin-delivery-common';
import type { RuntimeProvider } from 'backstage-plugin-delivery-node';

/** Services of one cluster that any service of the portal has. */
export interface Cluster {
  /** `<provider>/<account>/<region>/<cluster>` */
  key: string;
  provider: RuntimeProvider;
  scope: ClusterScope;
  services: { runtimeKey: string; ref: RuntimeRef }[];
}

/** `<provider>/<account>/<region>` */
export function accountKeyOf({
  provider,
  scope,
}: Pick<Cluster, 'provider' | 'scope'>): string {
  return [provider.id, scope.accountId, scope.region].join('/');
}

export function clusterKeyOf(
  provider: RuntimeProvider,
  { accountId, region, cluster }: ClusterScope,
): string {
  return [provider.id, accountId, region, cluster].join('/');
}

/** Groups what is bound by cluster: one call reads ten services of one cluster. Keys that no provider reads are left out. */
export function clustersOf(
  runtimeKeys: string[],
  providers: RuntimeProvider[],
): Cluster[] {
  const clusters = new Map<string, Cluster>();
  for (const runtimeKey of runtimeKeys) {
    const ref = parseRuntimeKey(runtimeKey);
    const provider = providers.find(item => item.id === ref?.provider);
    if (!ref || !provider) continue;
    const { accountId, region, cluster } = ref;
    const scope = { accountId, region, cluster };
    const key = clusterKeyOf(provider, scope);
    const known = clusters.get(key) ?? { key, provider, scope, services: [] };
    known.services.push({ runtimeKey, ref });
    clusters.set(key, known);
  }
  return [...clusters.values()];
}
