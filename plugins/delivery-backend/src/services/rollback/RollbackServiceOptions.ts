import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Finding } from 'backstage-plugin-delivery-common';
import type { EnvironmentSet } from 'backstage-plugin-delivery-common/domain';
import type { RuntimeProvider } from 'backstage-plugin-delivery-node';
import type { ApprovalStore } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import type { RepositoryRow } from '../../database/rows';
import type { ActAccess } from '../acts/ActAccess';
import type { ActRunner } from '../acts/ActRunner';
import type { PersonIdentity } from '../acts/PersonIdentity';
import type { Pause, ProviderOf } from '../acts/vendorRefs';

/** What {@link RollbackService} is made of. */
export interface RollbackServiceOptions {
  store: Pick<DeliveryStore, 'openRuns' | 'jobs' | 'listRuns'>;
  environments: Pick<
    EnvironmentStore,
    | 'environmentsOf'
    | 'environments'
    | 'deployments'
    | 'runtimeStates'
    | 'seenEnvironments'
  >;
  approvals: Pick<
    ApprovalStore,
    'saveRequest' | 'addFindings' | 'dropFindings'
  >;
  access: Pick<ActAccess, 'actor' | 'may' | 'repositoryOf'>;
  runner: ActRunner;
  identity: Pick<PersonIdentity, 'prove'>;
  providerOf: ProviderOf;
  runtimeProviders: RuntimeProvider[];
  environmentSets: EnvironmentSet[];
  /** Told the key of a service of a runtime that was just told to do something: read it soon. */
  onActed?: (runtimeKey: string) => void;
  /** Told of every workflow that was started: read its run soon. */
  onStarted?: (started: { repository: RepositoryRow; runKey?: string }) => void;
  /** Told of every broken glass, so that the owners hear of it. */
  onBreakGlass?: (finding: Finding) => void;
  logger: LoggerService;
  now: () => number;
  pause: Pause;
}
