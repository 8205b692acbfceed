import type { DatabaseService } from '@backstage/backend-plugin-api';
import type { Change } from 'backstage-plugin-delivery-common';
import type { Work } from 'backstage-plugin-delivery-common/domain';
import type { Knex } from 'knex';
import type { ApprovalStore } from '../ApprovalStore';
import type { AuditStore } from '../AuditStore';
import type { ChangeStore } from '../ChangeStore';
import type { ConformanceStore } from '../ConformanceStore';
import { DatabaseApprovalStore } from '../DatabaseApprovalStore';
import { DatabaseAuditStore } from '../DatabaseAuditStore';
import { DatabaseConformanceStore } from '../DatabaseConformanceStore';
import { DatabaseDoraStore } from '../DatabaseDoraStore';
import { DatabaseChangeStore } from '../DatabaseChangeStore';
import { DatabaseEnvironmentStore } from '../DatabaseEnvironmentStore';
import type { DeliveryStore, InboxItem } from '../DeliveryStore';
import type { DoraStore } from '../DoraStore';
import type { EnvironmentStore } from '../EnvironmentStore';
import type {
  ArtifactRow,
  BindingRow,
  InboxRow,
  RunRow,
  SyncStateRow,
  WorkflowFileRow,
} from '../rows';
import { applyChanges } from './applyChanges';
import * as bindings from './bindings';
import { bool, optionalText, text, type Raw } from './columns';
import { connect } from './connect';
import { deploymentGap } from './deploymentGap';
import { deploymentsOfRun } from './deploymentTables';
import * as once from './fetchedOnce';
import * as inbox from './inboxTable';
import { prune } from './prune';
import * as runs from './readRuns';
import { toPipelineRow, toRepositoryRow } from './repositoryTables';
import { selectRuns, toAttemptRow, toJobRow, toRunRow } from './runRows';

type Parameter<
  TName extends keyof DeliveryStore,
  TAt extends number,
> = Parameters<DeliveryStore[TName]>[TAt];

/** {@link DeliveryStore} on SQLite (better-sqlite3) and Postgres. */
export class DatabaseDeliveryStore implements DeliveryStore {
  /** What is remembered of environments, in the same database. */
  readonly environments: EnvironmentStore;
  /** Approvals, acts and findings, in the same database. */
  readonly approvals: ApprovalStore;
  readonly audit: AuditStore;
  /** What is derived for the metrics, in the same database. */
  readonly dora: DoraStore;
  /** Commits, pull requests and incidents, in the same database. */
  readonly changes: ChangeStore;
  /** Pipelines held against the rules, in the same database. */
  readonly conformance: ConformanceStore;

  private constructor(private readonly db: Knex) {
    this.environments = new DatabaseEnvironmentStore(db);
    this.approvals = new DatabaseApprovalStore(db);
    this.audit = new DatabaseAuditStore(db);
    this.dora = new DatabaseDoraStore(db);
    this.changes = new DatabaseChangeStore(db);
    this.conformance = new DatabaseConformanceStore(db);
  }

  /** Brings the tables up to date and gives the store. */
  static async create(options: {
    database: DatabaseService | Knex;
  }): Promise<DatabaseDeliveryStore> {
    return new DatabaseDeliveryStore(await connect(options.database));
  }

  addToInbox(row: Parameter<'addToInbox', 0>) {
    return inbox.addToInbox(this.db, row);
  }

  claimInbox(now: number, limit: number, leaseMs: number): Promise<InboxRow[]> {
    return inbox.claimInbox(this.db, now, limit, leaseMs);
  }

  apply(changes: Change[], items: Parameter<'apply', 1> = []) {
    return this.db.transaction(async tx => {
      const result = await applyChanges(tx, changes);
      await inbox.endInbox(tx, items);
      return result;
    });
  }

  applyInbox(items: InboxItem[]) {
    return this.db.transaction(async tx => {
      const { changes, parked } = await inbox.parkUnclaimed(tx, items);
      const result = await applyChanges(tx, changes);
      const aside = new Set(parked);
      await inbox.endInbox(
        tx,
        items.filter(item => !aside.has(item.id)),
      );
      return { ...result, parked };
    });
  }

  failInbox(id: number, error: string, retryAt: number | undefined) {
    return inbox.failInbox(this.db, id, error, retryAt);
  }

  releaseInbox(ids: number[]) {
    return inbox.releaseInbox(this.db, ids);
  }

  inboxCounts() {
    return inbox.inboxCounts(this.db);
  }

  async repository(repoKey: string) {
    const row = await this.db('repository').where('repo_key', repoKey).first();
    return row && toRepositoryRow(row);
  }

  async repositoryBySlug(host: string, slug: string) {
    const row = await this.db('repository_alias as a')
      .join('repository', 'repository.repo_key', 'a.repo_key')
      .where({ 'a.host': host, 'a.slug': slug.toLowerCase() })
      .first('repository.*');
    return row && toRepositoryRow(row);
  }

  async repositories() {
    const rows: Raw[] = await this.db('repository').orderBy('repo_key');
    return rows.map(toRepositoryRow);
  }

  async pipelines(repoKey: string) {
    const rows: Raw[] = await this.db('pipeline')
      .where('repo_key', repoKey)
      .orderBy(['name', 'pipeline_key']);
    return rows.map(toPipelineRow);
  }

  listRuns(query: Parameter<'listRuns', 0>) {
    return runs.listRuns(this.db, query);
  }

  async run(runKey: string): Promise<RunRow | undefined> {
    const row = await selectRuns(this.db).where('run.run_key', runKey).first();
    return row && toRunRow(row);
  }

  async runsByKey(runKeys: string[]): Promise<RunRow[]> {
    const rows: Raw[] = await selectRuns(this.db)
      .whereIn('run.run_key', runKeys)
      .orderBy('run.run_key');
    return rows.map(toRunRow);
  }

  async repositoryOfRun(runKey: string) {
    const repoKey =
      (await this.db('run').where('run_key', runKey).first('repo_key')) ??
      (await this.db('job').where('run_key', runKey).first('repo_key'));
    return repoKey && this.repository(text(repoKey.repo_key));
  }

  async attempts(runKey: string) {
    const rows: Raw[] = await this.db('attempt')
      .where('run_key', runKey)
      .orderBy('attempt');
    return rows.map(toAttemptRow);
  }

  async jobs(runKeys: string[], attempt?: number) {
    const query = this.db('job')
      .whereIn('run_key', runKeys)
      .orderBy(['run_key', 'attempt', 'job_key']);
    if (attempt !== undefined) query.where('attempt', attempt);
    return ((await query) as Raw[]).map(toJobRow);
  }

  deploymentsOfRun(runKey: string) {
    return deploymentsOfRun(this.db, runKey);
  }

  branches(entityRef: string, limit: number) {
    return runs.branches(this.db, entityRef, limit);
  }

  openRuns(repoKey?: string) {
    return runs.openRuns(this.db, repoKey);
  }

  gaps(repoKey: string, since: number) {
    return runs.gaps(this.db, repoKey, since);
  }

  deploymentGap(repoKey: string, window: Parameter<'deploymentGap', 1>) {
    return deploymentGap(this.db, repoKey, window);
  }

  durationStats(pipelineKey: string, runClass: string) {
    return runs.durationStats(this.db, pipelineKey, runClass);
  }

  workflowFile(repoKey: string, path: string, sha: string) {
    return once.workflowFile(this.db, repoKey, path, sha);
  }

  saveWorkflowFile(row: WorkflowFileRow) {
    return this.db.transaction(tx => once.saveWorkflowFile(tx, row));
  }

  pushesTo(repoKey: string, sha: string) {
    return once.pushesTo(this.db, repoKey, sha);
  }

  saveStages(
    runKey: string,
    stages: RunRow['stages'],
    waitingFor: string[],
    work?: Work,
  ) {
    return once.saveStages(this.db, runKey, stages, waitingFor, work);
  }

  artifacts(runKey: string) {
    return once.artifacts(this.db, runKey);
  }

  saveArtifacts(runKey: string, items: ArtifactRow[]) {
    return once.saveArtifacts(this.db, runKey, items);
  }

  replaceBindings(rows: BindingRow[], complete: boolean) {
    return this.db.transaction(tx =>
      bindings.replaceBindings(tx, rows, complete),
    );
  }

  bindingsOfEntity(entityRef: string) {
    return bindings.bindingsOfEntity(this.db, entityRef);
  }

  async boundRepositories() {
    const rows: Raw[] = await this.db('service_binding as b')
      .leftJoin('repository_alias as a', join =>
        join.on('a.host', 'b.host').andOn('a.slug', 'b.slug'),
      )
      .leftJoin('repository', 'repository.repo_key', 'a.repo_key')
      .distinct('b.host', 'b.slug', 'a.repo_key', 'repository.deleted')
      .orderBy(['b.host', 'b.slug']);
    return rows.map(row => ({
      host: text(row.host),
      slug: text(row.slug),
      repoKey: optionalText(row.repo_key),
      deleted: bool(row.deleted),
    }));
  }

  async entitiesOfRun(runKey: string) {
    const rows: Raw[] = await this.db('run_service')
      .join('service', 'service.id', 'run_service.service_id')
      .where('run_key', runKey)
      .orderBy('entity_ref')
      .select('entity_ref');
    const all = rows.map(row => text(row.entity_ref));
    if (all.length < 2) return all;
    // A workflow of a whole repository (a rollback) is about the service it was asked for.
    const asked: Raw[] = await this.db('portal_request')
      .where('run_key', runKey)
      .whereNotNull('entity_ref')
      .select('entity_ref');
    const named = all.filter(ref =>
      asked.some(row => text(row.entity_ref) === ref),
    );
    return named.length > 0 ? named : all;
  }

  async entitiesOfRepository(repoKey: string) {
    const rows: Raw[] = await this.db('repository_alias as a')
      .join('service_binding as b', join =>
        join.on('a.host', 'b.host').andOn('a.slug', 'b.slug'),
      )
      .join('service', 'service.id', 'b.service_id')
      .where('a.repo_key', repoKey)
      .distinct('entity_ref')
      .orderBy('entity_ref');
    return rows.map(row => text(row.entity_ref));
  }

  async syncState(scope: string): Promise<SyncStateRow | undefined> {
    return (await once.syncStates(this.db, scope))[0];
  }

  syncStates() {
    return once.syncStates(this.db);
  }

  saveSyncState(row: SyncStateRow) {
    return once.saveSyncState(this.db, row);
  }

  sawEvents(scopes: string[], at: number) {
    return once.sawEvents(this.db, scopes, at);
  }

  setting(name: string, make: () => string) {
    return once.setting(this.db, name, make);
  }

  prune(before: Parameter<'prune', 0>) {
    return prune(this.db, before);
  }
}
