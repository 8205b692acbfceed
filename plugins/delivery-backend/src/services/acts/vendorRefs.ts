import type {
  DeliveryProvider,
  GateRef,
  RunRef,
  VendorActs,
} from 'backstage-plugin-delivery-node';
import type { RepositoryRow } from '../../database/rows';
import { refuse } from './Refusal';

export type ProviderOf = (host: string) => DeliveryProvider | undefined;

/** Waits, or stops with the signal; tests drive it by hand. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export function runRef(repository: RepositoryRow, runKey: string): RunRef {
  const { host, slug, repoKey } = repository;
  return { host, slug, repoKey, runKey };
}

export function gateRef(run: RunRef, environment: string): GateRef {
  return { ...run, environment };
}

/** @throws `Refusal` when the vendor lets nobody act from here */
export function actsOf(providerOf: ProviderOf, host: string): VendorActs {
  return (
    providerOf(host)?.acts ??
    refuse(
      'acts_unsupported',
      409,
      `Nothing can be done at ${host} from here; do it on its own page.`,
      { host },
    )
  );
}
