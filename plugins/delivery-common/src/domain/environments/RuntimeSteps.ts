import type { Commit } from '../../contract';
import type { RuntimeDeploymentFact } from '../../runtime';
import { canonical, compareText } from '../canonical';
import type { DigestRecords, EnvironmentFacts, RuntimeState } from './facts';
import { mainContainer } from './images';
import { NOT_READ } from './commitReasons';
import { resolveCommit } from './resolveCommit';

/** What a revision is, as far as it is known. */
export interface Target {
  revisionKey?: string;
  taskDefinition?: string;
  digest?: string;
  commit: Commit;
  /** Equal for revisions that run the same. */
  identity: string;
}

/** One deployment of the runtime with what it brought and what was there before. */
export interface RuntimeStep {
  fact: RuntimeDeploymentFact;
  target: Target;
  sources: Target[];
}

/** Looks up what revisions are; each is resolved once. */
export class Revisions {
  readonly #runtime: RuntimeState;
  readonly #records: DigestRecords;
  readonly #commits: EnvironmentFacts['commits'];
  readonly #known = new Map<string, Target>();

  constructor(options: {
    runtime: RuntimeState;
    records: DigestRecords;
    commits: EnvironmentFacts['commits'];
  }) {
    this.#runtime = options.runtime;
    this.#records = options.records;
    this.#commits = options.commits;
  }

  /** The revision of this key, read or not. */
  of(revisionKey: string): Target {
    const known = this.#known.get(revisionKey);
    if (known) return known;
    const revision = this.#runtime.revisions.get(revisionKey);
    const arn = revision?.taskDefinition;
    const taskDefinition = arn && this.#runtime.taskDefinitions.get(arn);
    const input = { revision, taskDefinition: taskDefinition || undefined };
    const commit = this.#resolve(input);
    const digest = mainContainer(input)?.digest;
    const target = {
      ...{ revisionKey, taskDefinition: arn, digest, commit },
      identity: commit.sha ?? digest ?? arn ?? revisionKey,
    };
    this.#known.set(revisionKey, target);
    return target;
  }

  /** What a task definition is, where no revision is told (other controllers). */
  ofTaskDefinition(arn: string): Target {
    const taskDefinition = this.#runtime.taskDefinitions.get(arn);
    const commit = this.#resolve({ taskDefinition });
    return { taskDefinition: arn, commit, identity: commit.sha ?? arn };
  }

  #resolve(
    input: Pick<
      Parameters<typeof resolveCommit>[0],
      'revision' | 'taskDefinition'
    >,
  ): Commit {
    const { images, shortShas } = this.#runtime;
    return resolveCommit({
      ...{ ...input, images, shortShas },
      ...{ records: this.#records, commits: this.#commits },
    });
  }
}

/** All deployments of the runtime, oldest first, each once. */
export function stepsOf(
  deployments: RuntimeDeploymentFact[],
  revisions: Revisions,
): RuntimeStep[] {
  const byKey = new Map<string, RuntimeDeploymentFact>();
  for (const fact of deployments) {
    const known = byKey.get(fact.deploymentKey);
    if (!known || compareText(canonical(fact), canonical(known)) > 0) {
      byKey.set(fact.deploymentKey, fact);
    }
  }
  return [...byKey.values()]
    .sort(
      (a, b) =>
        a.createdAt - b.createdAt ||
        compareText(a.deploymentKey, b.deploymentKey),
    )
    .map(fact => ({
      fact,
      target: fact.target
        ? revisions.of(fact.target.revisionKey)
        : nothing(fact.deploymentKey),
      sources: fact.sources.map(part => revisions.of(part.revisionKey)),
    }));
}

function nothing(identity: string): Target {
  return {
    identity,
    commit: { source: 'none', confidence: 'none', reason: NOT_READ },
  };
}

/** True when both run the same, as far as is known. */
export function isSame(a: Target, b: Target): boolean {
  if (a.revisionKey !== undefined && a.revisionKey === b.revisionKey)
    return true;
  if (a.commit.sha !== undefined && b.commit.sha !== undefined) {
    return a.commit.sha === b.commit.sha;
  }
  if (a.digest !== undefined && b.digest !== undefined) {
    return a.digest === b.digest;
  }
  return (
    a.taskDefinition !== undefined && a.taskDefinition === b.taskDefinition
  );
}

const MOVING = ['pending', 'in_progress', 'stopping', 'rolling_back'];

/** True while a deployment of the runtime has not ended. */
export function isMovingStatus(status: RuntimeDeploymentFact['status']) {
  return MOVING.includes(status);
}
