import type { AwsCloud } from '../aws/cloud';
import type { Clock, GitStore, SandboxState } from '../state';
import { Engine } from './Engine';
import {
  HEALTH_KEY,
  healthProfile,
  withoutFailures,
  type Health,
  type Profile,
} from './profile';
import { gitWorkflowSource, type WorkflowSource } from './WorkflowSource';

/** By how much real-world durations are shortened: a push reaches the production gate after about a minute. */
export const DEFAULT_SPEED = 15;

export interface EngineOptions {
  state: SandboxState;
  git: GitStore;
  /** The clock of the state when absent. */
  clock?: Clock;
  /** Decides durations and results together with the ids of jobs. */
  seed?: string;
  /** Real-world durations are divided by this; {@link DEFAULT_SPEED} when absent. */
  speed?: number;
  /**
   * `none`: jobs fail only when they are told to; who pushes a change to see it arrive should see it arrive. By profile when absent.
   */
  failures?: 'none' | 'profile';
  /** What the world saved in the state when absent. */
  profile?: Profile;
  /** Where workflow files are read from; the repositories when absent. */
  source?: WorkflowSource;
  /** Where pipelines deploy to; without it their steps only take time. */
  aws?: AwsCloud;
}

/** The engine that plays workflow files. Call `resume()` once after start to go on with what was under way. */
export function createEngine(options: EngineOptions): Engine {
  const profile =
    options.profile ??
    healthProfile(
      (options.state.saved.get(HEALTH_KEY) ?? {}) as Record<string, Health>,
    );
  return new Engine({
    state: options.state,
    clock: options.clock ?? options.state.clock,
    seed: options.seed ?? 'delivery',
    speed: options.speed ?? DEFAULT_SPEED,
    profile: options.failures === 'none' ? withoutFailures(profile) : profile,
    aws: options.aws,
    source: options.source ?? gitWorkflowSource(options.git),
  });
}
