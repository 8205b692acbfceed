// @ts-check

/**
 * Which environments services have, what runtimes and pipelines told of them, and what is derived of it. A snapshot is one row with the
 * start of its read; `hash` is of its content, so that most reads are seen to tell nothing new without reading the row.
 */

/** @param {import('knex').Knex.CreateTableBuilder} table */
function snapshotColumns(table) {
  table.text('fact_json').notNullable();
  table.text('hash').notNullable().comment('Of the fact');
  table.bigInteger('observed_at').notNullable();
}

/** @param {import('knex').Knex.CreateTableBuilder} table */
function scopeColumns(table) {
  table.text('account_id').notNullable();
  table.text('region').notNullable();
}

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('environment_binding', table => {
    table.text('entity_ref').notNullable();
    table.text('environment').notNullable();
    table.integer('position').notNullable().comment('On the way, from 0');
    table.text('tier').notNullable();
    table.text('match_json').notNullable();
    table.text('runtime_key').comment('Null: nothing is read');
    table.text('stacks_json').notNullable();
    table.boolean('only_when_seen').notNullable();
    table.text('problem_json');
    table.primary(['entity_ref', 'environment']);
    table.index(['runtime_key'], 'environment_binding_runtime_idx');
  });

  await knex.schema.createTable('runtime_service', table => {
    table.text('runtime_key').primary();
    scopeColumns(table);
    table.text('tags_json').notNullable();
    snapshotColumns(table);
    table.index(['account_id', 'region'], 'runtime_service_scope_idx');
  });

  await knex.schema.createTable('runtime_read', table => {
    table.text('runtime_key').primary();
    table.bigInteger('observed_at').comment('Start of the last good read');
    table.text('problem_json');
    table.boolean('moving').notNullable();
    table.bigInteger('history_since');
  });

  await knex.schema.createTable('runtime_deployment', table => {
    table.text('deployment_key').primary();
    table.text('runtime_key').notNullable();
    table.bigInteger('created_at').notNullable();
    table.integer('ended').notNullable().comment('1: never 0 again');
    snapshotColumns(table);
    table.index(
      ['runtime_key', 'created_at', 'deployment_key'],
      'runtime_deployment_list_idx',
    );
  });

  await knex.schema.createTable('runtime_revision', table => {
    table.text('revision_key').primary();
    table.text('runtime_key').notNullable();
    table.integer('digests').notNullable().comment('How many are known');
    snapshotColumns(table);
  });

  await knex.schema.createTable('task_definition', table => {
    table.text('task_definition').primary();
    snapshotColumns(table);
  });

  await knex.schema.createTable('image', table => {
    table.text('digest').notNullable();
    table.text('repository').notNullable();
    snapshotColumns(table);
    table.primary(['digest', 'repository']);
  });

  await knex.schema.createTable('runtime_tasks', table => {
    table.text('runtime_key').primary();
    snapshotColumns(table);
  });

  await knex.schema.createTable('runtime_alarm', table => {
    scopeColumns(table);
    table.text('name').notNullable();
    snapshotColumns(table);
    table.primary(['name', 'account_id', 'region']);
  });

  // Which services a change of something shared is a change of.
  await knex.schema.createTable('runtime_use', table => {
    table.text('kind').notNullable().comment('task_definition, alarm, digest');
    table.text('name').notNullable();
    table.text('runtime_key').notNullable();
    table.text('told_by').notNullable().comment('Kind of the fact');
    table.primary(['kind', 'name', 'runtime_key', 'told_by']);
    table.index(['runtime_key', 'told_by'], 'runtime_use_key_idx');
  });

  await knex.schema.createTable('stack', table => {
    scopeColumns(table);
    table.text('stack').notNullable();
    table.text('status').notNullable();
    table.integer('drifted_resources');
    table.bigInteger('checked_at');
    table.primary(['account_id', 'region', 'stack']);
  });

  await knex.schema.createTable('short_sha', table => {
    table.text('repo_key').notNullable();
    table.text('short').notNullable();
    table.text('sha').comment('Null: none or several');
    table.primary(['repo_key', 'short']);
  });

  await knex.schema.createTable('comparison', table => {
    table.text('repo_key').notNullable();
    table.text('base').notNullable();
    table.text('head').notNullable();
    table.text('range_json').notNullable();
    table.primary(['repo_key', 'base', 'head']);
  });

  await knex.schema.createTable('known_commit', table => {
    table.text('repo_key').notNullable();
    table.text('sha').notNullable();
    table.text('told_by').notNullable().comment('push or comparison');
    table.text('title');
    table.text('author');
    table.bigInteger('at');
    table.bigInteger('observed_at').comment('Null: kept for ever');
    table.primary(['repo_key', 'sha', 'told_by']);
    table.index(['observed_at'], 'known_commit_age_idx');
  });

  await knex.schema.createTable('run_approval', table => {
    table.text('run_key').notNullable();
    table.integer('attempt').notNullable();
    table.text('approvals_json').notNullable();
    table.primary(['run_key', 'attempt']);
  });

  await knex.schema.createTable('environment_state', table => {
    table.text('entity_ref').notNullable();
    table.text('environment').notNullable();
    table.integer('position').notNullable();
    table.text('state_json').notNullable();
    table.bigInteger('computed_at').notNullable();
    table.primary(['entity_ref', 'environment']);
  });

  await knex.schema.createTable('logical_deployment', table => {
    table.text('entity_ref').notNullable();
    table.text('environment').notNullable();
    table.bigInteger('started_at').notNullable();
    table.text('id').notNullable();
    table.text('deployment_json').notNullable();
    table.primary(['entity_ref', 'environment', 'id']);
  });
  await knex.raw(
    `create index logical_deployment_list_idx on logical_deployment (entity_ref, environment, started_at desc, id desc)`,
  );

  await knex.schema.alterTable('push', table => {
    table.text('commits_json').comment('SHAs, oldest first; null: not known');
  });
  await knex.schema.alterTable('deployment', table => {
    table.index(
      ['repo_key', 'environment', 'created_at'],
      'deployment_environment_idx',
    );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deployment', table => {
    table.dropIndex(
      ['repo_key', 'environment', 'created_at'],
      'deployment_environment_idx',
    );
  });
  await knex.schema.alterTable('push', table => {
    table.dropColumn('commits_json');
  });
  for (const table of [
    'logical_deployment',
    'environment_state',
    'run_approval',
    'known_commit',
    'comparison',
    'short_sha',
    'stack',
    'runtime_use',
    'runtime_alarm',
    'runtime_tasks',
    'image',
    'task_definition',
    'runtime_revision',
    'runtime_deployment',
    'runtime_read',
    'runtime_service',
    'environment_binding',
  ]) {
    await knex.schema.dropTable(table);
  }
};
