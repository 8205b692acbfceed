// @ts-check

/**
 * Gates that hold runs, what people did about them, and the audit of it. Rows of the audit are only ever added; the database itself
 * refuses anything else.
 */

/** @param {import('knex').Knex} knex */
function isSqlite(knex) {
  return knex.client.config.client === 'better-sqlite3';
}

/** @param {import('knex').Knex} knex */
async function forbidChanges(knex) {
  if (isSqlite(knex)) {
    for (const event of ['update', 'delete']) {
      await knex.raw(
        `create trigger audit_entry_no_${event} before ${event} on audit_entry
         begin select raise(abort, 'audit_entry is append-only'); end`,
      );
    }
    return;
  }
  await knex.raw(
    `create function audit_entry_append_only() returns trigger language plpgsql as
     $$ begin raise exception 'audit_entry is append-only'; end $$`,
  );
  await knex.raw(
    `create trigger audit_entry_no_change before update or delete on audit_entry
     for each row execute function audit_entry_append_only()`,
  );
  await knex.raw(
    `create trigger audit_entry_no_truncate before truncate on audit_entry
     for each statement execute function audit_entry_append_only()`,
  );
}

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('approval', table => {
    table.text('id').primary();
    table.text('run_key').notNullable();
    table.text('repo_key').notNullable();
    table.integer('attempt').notNullable();
    table.text('environment').notNullable();
    table.text('sha').notNullable();
    table.text('state').notNullable();
    table.boolean('open').notNullable().comment('Still waiting');
    table.bigInteger('sort_at').notNullable().comment('Opened, or closed');
    table.bigInteger('opened_at').notNullable();
    table.bigInteger('closed_at');
    table.text('requested_by');
    table.text('candidates_json').notNullable();
    table.text('decided_json');
    table.bigInteger('notified_at');
    table.bigInteger('updated_at').notNullable();
    table.index(['run_key'], 'approval_run_idx');
    table.index(['open', 'sort_at', 'id'], 'approval_list_idx');
  });

  await knex.schema.createTable('operation', table => {
    table.text('id').primary();
    table.text('kind').notNullable();
    table.text('entity_ref').notNullable();
    table.text('state').notNullable();
    table.text('steps_json').notNullable();
    table.text('outcome_json');
    table.bigInteger('started_at').notNullable();
    table.bigInteger('ended_at');
    table.text('actor_ref').notNullable();
    table.text('idempotency_key').notNullable();
    table.text('approval_id');
    table.text('lease_key').notNullable();
    table.text('resume_json').notNullable();
    table.unique(['actor_ref', 'idempotency_key'], {
      indexName: 'operation_click_idx',
    });
    table.index(['lease_key', 'started_at'], 'operation_lease_idx');
    table.index(['approval_id', 'started_at'], 'operation_approval_idx');
    table.index(['state'], 'operation_state_idx');
  });

  await knex.schema.createTable('operation_lease', table => {
    table.text('lease_key').primary();
    table.text('operation_id').notNullable();
    table.bigInteger('lease_until').notNullable();
    table.index(['operation_id'], 'operation_lease_operation_idx');
  });

  await knex.schema.createTable('portal_request', table => {
    table.text('run_key').notNullable();
    table.text('user_ref').notNullable();
    table.text('account_id').notNullable();
    table.integer('attempt').notNullable();
    table.text('entity_ref');
    table.primary(['run_key', 'user_ref', 'account_id', 'attempt']);
  });

  await knex.schema.createTable('finding', table => {
    table.text('id').primary();
    table.text('kind').notNullable();
    table.text('entity_ref').notNullable();
    table.bigInteger('at').notNullable();
    table.text('state').notNullable();
    table.text('finding_json').notNullable();
    table.text('review_json');
    table.index(['at', 'id'], 'finding_list_idx');
    table.index(['entity_ref', 'at'], 'finding_entity_idx');
  });

  await knex.schema.createTable('audit_entry', table => {
    table.bigInteger('seq').primary().comment('From 1, without gaps');
    table.text('content').notNullable().comment('Canonical JSON, as hashed');
    table.text('previous_hash').notNullable();
    table.text('hash').notNullable();
    table.text('signature').notNullable();
    table.text('key_id').notNullable();
    // Copies of parts of the content, to filter by; what counts is the content.
    table.bigInteger('at').notNullable();
    table.text('actor').notNullable();
    table.text('action').notNullable();
    table.text('phase').notNullable();
    table.text('entity_ref');
    table.text('environment');
    table.index(['entity_ref', 'seq'], 'audit_entry_entity_idx');
    table.index(['action', 'seq'], 'audit_entry_action_idx');
    table.index(['actor', 'seq'], 'audit_entry_actor_idx');
  });
  await forbidChanges(knex);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'audit_entry',
    'finding',
    'portal_request',
    'operation_lease',
    'operation',
    'approval',
  ]) {
    await knex.schema.dropTable(table);
  }
  if (!isSqlite(knex)) {
    await knex.raw('drop function audit_entry_append_only()');
  }
};
