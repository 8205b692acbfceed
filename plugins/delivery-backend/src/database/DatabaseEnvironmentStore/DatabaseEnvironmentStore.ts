import type {
  RuntimeChange,
  RuntimeScope,
} from 'backstage-plugin-delivery-common';
import { matchesEnvironment } from 'backstage-plugin-delivery-common/domain';
import type {
  CommitRange,
  RecordedApproval,
} from 'backstage-plugin-delivery-node';
import type { Knex } from 'knex';
import type {
  EnvironmentBinding,
  EnvironmentStore,
  HistoryCursor,
  RuntimeReadState,
} from '../EnvironmentStore';
import { applyRuntime } from './applyRuntime';
import { commits, pushedBetween } from './commits';
import * as derived from './derivedTables';
import * as bindings from './environmentBindings';
import * as once from './fetchedOnce';
import { pipelineDeployments, seenEnvironments } from './pipelineDeployments';
import * as reads from './runtimeReads';
import { runtimeStates } from './runtimeStates';

type Parameter<
  TName extends keyof EnvironmentStore,
  TAt extends number,
> = Parameters<EnvironmentStore[TName]>[TAt];

/** {@link EnvironmentStore} on SQLite and Postgres; the tables must be there already. */
export class DatabaseEnvironmentStore implements EnvironmentStore {
  constructor(private readonly db: Knex) {}

  replaceEnvironments(
    rows: EnvironmentBinding[],
    scope: Parameter<'replaceEnvironments', 1>,
  ) {
    return this.db.transaction(tx =>
      bindings.replaceEnvironments(tx, rows, scope),
    );
  }

  environmentsOf(entityRef: string) {
    return bindings.environmentsOf(this.db, entityRef);
  }

  boundRuntimes() {
    return bindings.boundRuntimes(this.db);
  }

  entitiesOfRuntimes(runtimeKeys: string[]) {
    return bindings.entitiesOfRuntimes(this.db, runtimeKeys);
  }

  runtimesWithTag(key: string) {
    return reads.runtimesWithTag(this.db, key);
  }

  applyRuntime(changes: RuntimeChange[]) {
    return this.db.transaction(tx => applyRuntime(tx, changes));
  }

  runtimeReadStates() {
    return reads.readStates(this.db);
  }

  saveRuntimeReadStates(rows: RuntimeReadState[]) {
    return this.db.transaction(tx => reads.saveReadStates(tx, rows));
  }

  runtimeStates(runtimeKeys: string[], limit: number) {
    return runtimeStates(this.db, runtimeKeys, limit);
  }

  missingRevisions(revisionKeys: string[]) {
    const of = ['runtime_revision', 'revision_key'] as const;
    return reads.missingOf(this.db, ...of, revisionKeys);
  }

  missingTaskDefinitions(arns: string[]) {
    const of = ['task_definition', 'task_definition'] as const;
    return reads.missingOf(this.db, ...of, arns);
  }

  missingImages(images: Parameter<'missingImages', 0>) {
    return reads.missingImages(this.db, images);
  }

  openDeployments(deploymentKeys: string[]) {
    return reads.openDeployments(this.db, deploymentKeys);
  }

  alarmNames(scope: RuntimeScope) {
    return reads.alarmNames(this.db, scope);
  }

  alarms(scope: RuntimeScope) {
    return reads.alarms(this.db, scope);
  }

  shortShas(repoKey: string) {
    return once.shortShas(this.db, repoKey);
  }

  saveShortSha(repoKey: string, short: string, sha: string | null) {
    return once.saveShortSha(this.db, repoKey, short, sha);
  }

  saveStacks(scope: RuntimeScope, stacks: Parameter<'saveStacks', 1>) {
    return this.db.transaction(tx => reads.saveStacks(tx, scope, stacks));
  }

  stacks(scope: RuntimeScope, names: string[]) {
    return reads.stacks(this.db, scope, names);
  }

  pipelineDeployments(entityRef: string, match: string[], limit: number) {
    const matches = (environment: string) =>
      matchesEnvironment(match, environment);
    return pipelineDeployments(this.db, entityRef, matches, limit);
  }

  seenEnvironments(entityRef: string) {
    return seenEnvironments(this.db, entityRef);
  }

  commits(repoKey: string, shas: string[]) {
    return commits(this.db, repoKey, shas);
  }

  pushedBetween(repoKey: string, base: string, head: string) {
    return pushedBetween(this.db, repoKey, base, head);
  }

  comparison(repoKey: string, base: string, head: string) {
    return once.comparison(this.db, repoKey, base, head);
  }

  saveComparison(
    repoKey: string,
    base: string,
    head: string,
    range: CommitRange,
  ) {
    return this.db.transaction(tx =>
      once.saveComparison(tx, { repoKey, base, head }, range),
    );
  }

  saveApprovals(
    runKey: string,
    attempt: number,
    approvals: RecordedApproval[],
  ) {
    return once.saveApprovals(this.db, runKey, attempt, approvals);
  }

  async approvals(runKey: string, attempt: number) {
    const asked = await once.approvalsOfRuns(this.db, [runKey]);
    return asked.get(`${runKey} ${attempt}`);
  }

  saveEnvironments(
    entityRef: string,
    items: Parameter<'saveEnvironments', 1>,
    computedAt: number,
  ) {
    return this.db.transaction(tx =>
      derived.saveEnvironments(tx, entityRef, items, computedAt),
    );
  }

  environments(entityRef: string) {
    return derived.environments(this.db, entityRef);
  }

  allEnvironments() {
    return derived.environments(this.db);
  }

  deployments(
    entityRef: string,
    environment: string,
    after: HistoryCursor | undefined,
    limit: number,
  ) {
    const of = { entityRef, environment };
    return derived.deployments(this.db, of, after, limit);
  }
}
