import type { Entity } from '@backstage/catalog-model';
import type {
  Commit,
  Environment,
  LogicalDeployment,
  RuntimeDeploymentFact,
  RuntimeRef,
  RuntimeServiceFact,
} from 'backstage-plugin-delivery-common';
import type {
  GatePolicy,
  RollbackWay,
  RuntimeState,
} from 'backstage-plugin-delivery-common/domain';
import type { RuntimeProvider } from 'backstage-plugin-delivery-node';
import type { EnvironmentBinding } from '../../database/EnvironmentStore';
import type { RepositoryRow } from '../../database/rows';
import type { WorkflowFound } from './RollbackWorkflows';

/** Where the environment runs, as far as a runtime tells. */
export interface RollbackRuntime {
  ref: RuntimeRef;
  runtimeKey: string;
  provider: RuntimeProvider;
  state: RuntimeState;
  service: RuntimeServiceFact;
  deployments: RuntimeDeploymentFact[];
}

/** A deployment that can be gone back to. */
export interface RollbackTarget {
  /** Of the deployment; of the revision where no deployment is known. */
  id: string;
  commit: Commit;
  /** ARN. */
  taskDefinition?: string;
  /** Everything its revision runs. */
  images: { repository: string; digest?: string }[];
  startedAt: number;
  ranMs?: number;
  by?: string;
  approvedBy: string[];
}

/** Everything a rollback of one environment rests on, read at one moment. */
export interface RollbackFacts {
  entity: Entity;
  entityRef: string;
  /** Our name. */
  name: string;
  binding: EnvironmentBinding;
  environment: Environment;
  repository: RepositoryRow;
  policy: GatePolicy;
  runtime?: RollbackRuntime;
  workflow: WorkflowFound;
  heldBy?: { runId: string; runNumber: number };
  running?: { commit: Commit; taskDefinition?: string };
  /** By the decision table. */
  way: RollbackWay;
  /** What breaking the glass would do. */
  emergencyWay: RollbackWay;
  /** Newest first. */
  targets: RollbackTarget[];
  viewHash: string;
}

/** What targets are made of. */
export interface TargetInput {
  /** Newest first. */
  history: LogicalDeployment[];
  state?: RuntimeState;
  running?: { commit: Commit; taskDefinition?: string };
}
