// @ts-check

/**
 * Facts as vendors told them. Keys are vendor ids, times are epoch milliseconds (UTC), `*_json` columns hold JSON text
 * so that SQLite and Postgres read the same.
 */

/** @param {import('knex').Knex.CreateTableBuilder} table */
function stateColumns(table) {
  table.text('status').notNullable().comment('In our words');
  table.text('conclusion').comment('In our words, once completed');
  table.text('raw_status').notNullable().comment("The vendor's own word");
  table.text('raw_conclusion').comment("The vendor's own word");
}

/** @param {import('knex').Knex.CreateTableBuilder} table */
function observationColumns(table) {
  table.text('source').notNullable().comment('webhook or api');
  table.bigInteger('observed_at').notNullable();
}

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('repository', table => {
    table.text('repo_key').primary();
    table.text('host').notNullable();
    table.text('slug').notNullable().comment('owner/name, as last spelled');
    table.text('url').notNullable();
    table.text('default_branch');
    table.boolean('deleted').notNullable().defaultTo(false);
    table.bigInteger('observed_at').notNullable();
  });

  await knex.schema.createTable('repository_alias', table => {
    table.text('host').notNullable();
    table.text('slug').notNullable().comment('Lower case; every name so far');
    table.text('repo_key').notNullable();
    table.bigInteger('observed_at').notNullable();
    table.primary(['host', 'slug']);
    table.index(['repo_key'], 'repository_alias_repo_idx');
  });

  await knex.schema.createTable('pipeline', table => {
    table.text('pipeline_key').primary();
    table.text('repo_key').notNullable();
    table.text('name').notNullable();
    table.text('path').notNullable();
    table.text('url');
    table.bigInteger('observed_at').notNullable();
    table.index(['repo_key'], 'pipeline_repo_idx');
  });

  await knex.schema.createTable('run', table => {
    table.text('run_key').primary();
    table.text('repo_key').notNullable();
    table.text('pipeline_key').notNullable();
    table.integer('run_number').notNullable();
    table.text('title').notNullable();
    table.text('event').notNullable();
    table.text('branch');
    table.text('sha').notNullable();
    table.text('actor');
    table.text('triggering_actor');
    table.integer('pull_request');
    table.text('url').notNullable();
    table.bigInteger('created_at').notNullable();
    table.text('referenced_json').notNullable();
    table.integer('attempt').notNullable().comment('The current one');
    stateColumns(table);
    table.bigInteger('started_at');
    table.bigInteger('completed_at');
    table.bigInteger('work_ms').comment('At least one job ran, without now');
    table.bigInteger('work_since').comment('Jobs run since then');
    table.bigInteger('updated_at').notNullable();
    table.text('stages_json').notNullable();
    table.text('waiting_json').notNullable();
    table.boolean('needs_confirm').notNullable().defaultTo(false);
    table.bigInteger('confirmed_at').comment('Last API read');
    table.index(['repo_key', 'created_at', 'run_key'], 'run_repo_list_idx');
    table.index(['pipeline_key', 'conclusion', 'created_at'], 'run_stats_idx');
    table.index(['repo_key', 'sha'], 'run_sha_idx');
  });
  // Open runs are few among millions, so only they are in this index.
  await knex.raw(
    `create index run_open_idx on run (confirmed_at) where status <> 'completed'`,
  );

  await knex.schema.createTable('attempt', table => {
    table.text('run_key').notNullable();
    table.integer('attempt').notNullable();
    stateColumns(table);
    table.text('triggering_actor');
    table.bigInteger('started_at');
    table.bigInteger('completed_at');
    table.bigInteger('updated_at').notNullable();
    observationColumns(table);
    table.bigInteger('confirmed_at').comment('Start of the newest API read');
    table.primary(['run_key', 'attempt']);
  });

  await knex.schema.createTable('job', table => {
    table.text('job_key').primary();
    table.text('run_key').notNullable();
    table.text('repo_key').notNullable();
    table.integer('attempt').notNullable();
    table.text('name').notNullable();
    stateColumns(table);
    table.bigInteger('created_at');
    table.bigInteger('started_at');
    table.bigInteger('completed_at');
    table.text('url');
    table.text('runner');
    table.text('labels_json').notNullable();
    table.text('environment');
    table.text('steps_json').notNullable();
    observationColumns(table);
    table.bigInteger('confirmed_at').comment('Start of the newest API read');
    table.index(['run_key', 'attempt'], 'job_run_idx');
  });
  // For the daily deletion of old jobs; vendors leave some of these times out.
  await knex.raw(
    `create index job_age_idx on job (coalesce(created_at, started_at, observed_at))`,
  );

  await knex.schema.createTable('deployment', table => {
    table.text('deployment_key').primary();
    table.text('repo_key').notNullable();
    table.text('run_key');
    table.text('sha').notNullable();
    table.text('ref').notNullable();
    table.text('environment').notNullable();
    table.text('creator');
    table.bigInteger('created_at').notNullable();
    observationColumns(table);
    table.index(['run_key'], 'deployment_run_idx');
    table.index(['repo_key', 'created_at'], 'deployment_repo_idx');
  });

  await knex.schema.createTable('deployment_status', table => {
    table.text('status_key').primary();
    table.text('deployment_key').notNullable();
    table.text('repo_key').notNullable();
    table.text('state').notNullable().comment("The vendor's own word");
    table.bigInteger('created_at').notNullable();
    table.text('creator');
    table.text('url');
    table.index(['deployment_key', 'created_at'], 'deployment_status_idx');
  });

  await knex.schema.createTable('check_run', table => {
    table.text('check_key').primary();
    table.text('repo_key').notNullable();
    table.text('sha').notNullable();
    table.text('name').notNullable();
    table.text('app');
    stateColumns(table);
    table.bigInteger('started_at');
    table.bigInteger('completed_at');
    table.text('url');
    observationColumns(table);
    table.index(['repo_key', 'sha'], 'check_run_sha_idx');
    table.index(['observed_at'], 'check_run_age_idx');
  });

  await knex.schema.createTable('push', table => {
    table.text('repo_key').notNullable();
    table.text('after_sha').notNullable();
    table.text('branch').notNullable();
    table.text('before_sha').notNullable();
    table.text('files_json').comment('Null: the list is incomplete');
    table.bigInteger('observed_at').notNullable();
    table.primary(['repo_key', 'after_sha', 'branch']);
    table.index(['after_sha'], 'push_after_idx');
    table.index(['observed_at'], 'push_age_idx');
  });

  await knex.schema.createTable('workflow_file', table => {
    table.text('repo_key').notNullable();
    table.text('path').notNullable();
    table.text('sha').notNullable().comment('Commit');
    table.text('blob_sha').notNullable();
    table.text('problem_json').comment('Why the file cannot be used');
    table.primary(['repo_key', 'path', 'sha']);
  });

  await knex.schema.createTable('workflow_blob', table => {
    table.text('repo_key').notNullable();
    table.text('blob_sha').notNullable();
    table.text('body').notNullable();
    table.primary(['repo_key', 'blob_sha']);
  });

  await knex.schema.createTable('artifact_list', table => {
    table.text('run_key').primary();
    table.text('items_json').notNullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'artifact_list',
    'workflow_blob',
    'workflow_file',
    'push',
    'check_run',
    'deployment_status',
    'deployment',
    'job',
    'attempt',
    'run',
    'pipeline',
    'repository_alias',
    'repository',
  ]) {
    await knex.schema.dropTable(table);
  }
};
