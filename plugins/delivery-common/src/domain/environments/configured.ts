import type { Tier } from '../../contract';
import type { GatePolicy } from '../approvals/facts';

/** Where in AWS an environment lives, by the portal's own configuration. */
export interface ConfiguredAws {
  accountId: string;
  region: string;
  /** Name, not ARN. */
  cluster: string;
  /** Name of the ECS service; `{name}` stands for the entity's name. Absent: the one that carries the entity's tag. */
  service?: string;
}

export interface ConfiguredEnvironment {
  name: string;
  tier: Tier;
  /** Names the pipeline's vendor uses for it, lower case; `*` stands for anything. */
  match: string[];
  aws?: ConfiguredAws;
  /** CloudFormation stacks whose drift counts, `{name}` as above. */
  stacks: string[];
  /** What the portal asks before something is let in; absent: the default. */
  policy?: GatePolicy;
}

/** An ordered list of environments and which entities have them. */
export interface EnvironmentSet {
  name: string;
  /** Paths of an entity (`spec.system`, `metadata.tags`) with the values of which one must be there; absent: every entity. */
  appliesTo?: Record<string, string[]>;
  environments: ConfiguredEnvironment[];
  /** True: an environment is shown only once something was deployed there. */
  onlyWhenSeen?: boolean;
}

/** What serves everyone the configuration says nothing of: shown only as far as something was deployed there. */
export const DEFAULT_SET: EnvironmentSet = {
  name: 'default',
  onlyWhenSeen: true,
  environments: [
    {
      name: 'development',
      tier: 'development',
      match: ['dev', 'development', 'dev-*'],
      stacks: [],
    },
    {
      name: 'qa',
      tier: 'testing',
      match: ['qa', 'test', 'testing', 'qa-*', 'test-*'],
      stacks: [],
    },
    {
      name: 'staging',
      tier: 'staging',
      match: ['stage', 'staging', 'stg', 'staging-*', 'preprod'],
      stacks: [],
    },
    {
      name: 'production',
      tier: 'production',
      match: ['prod', 'production', 'live', 'prod-*', 'production-*'],
      stacks: [],
    },
  ],
};
