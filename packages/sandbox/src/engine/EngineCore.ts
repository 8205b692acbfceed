import type { AwsCloud } from '../aws/cloud';
import type { Clock, DeploymentRecord, SandboxState } from '../state';
import type { ConcurrencyGroups } from './ConcurrencyGroups';
import type { TokenIssuer } from './oidc/TokenIssuer';
import type { Profile } from './profile';
import type { StepWishes } from './StepWishes';

/** What the players of runs and jobs share. */
export interface EngineCore {
  readonly state: SandboxState;
  readonly clock: Clock;
  /** Real-world durations are divided by this. */
  readonly speed: number;
  readonly seed: string;
  readonly profile: Profile;
  readonly groups: ConcurrencyGroups;
  /** Where pipelines deploy to; null: their steps only take time. */
  readonly aws: AwsCloud | null;
  /** Signs what jobs show to others to tell who they are. */
  readonly tokens: TokenIssuer;
  readonly stepWishes: StepWishes;
  /** Newest successful deployment of each environment, by `repoId/environment`. */
  readonly active: Map<string, DeploymentRecord>;
}
