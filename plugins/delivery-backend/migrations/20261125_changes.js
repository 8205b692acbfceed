// @ts-check

/** What is read of commits, pull requests and incidents: raw, as vendors tell it. What is derived from it is kept elsewhere. */

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('pull_request', table => {
    table.text('repo_key').notNullable();
    table.integer('number').notNullable();
    table
      .text('merge_sha')
      .notNullable()
      .comment('Merge commit, squashed commit or last rebased one');
    table.text('title').notNullable();
    table.text('body');
    table.text('author');
    table.boolean('is_bot').notNullable();
    table.text('url');
    table.text('base').notNullable();
    table.text('branch').notNullable();
    table.text('labels_json').notNullable();
    table.bigInteger('opened_at').notNullable();
    table.bigInteger('merged_at').notNullable();
    table.bigInteger('updated_at').notNullable().comment('By the vendor');
    table.text('parts_json').comment('Null: not read yet');
    table.primary(['repo_key', 'number']);
    table.index(['repo_key', 'merge_sha'], 'pull_request_merge_idx');
  });

  await knex.schema.createTable('change_commit', table => {
    table.text('repo_key').notNullable();
    table.text('sha').notNullable();
    table.text('parents_json').notNullable();
    table.bigInteger('authored_at');
    table.bigInteger('committed_at');
    table.text('author');
    table.text('message').notNullable();
    table.primary(['repo_key', 'sha']);
  });

  await knex.schema.createTable('commit_files', table => {
    table.text('repo_key').notNullable();
    table.text('sha').notNullable();
    table.text('files_json').comment('Null: more than the vendor tells');
    table.primary(['repo_key', 'sha']);
  });

  await knex.schema.createTable('commit_span', table => {
    table.text('repo_key').notNullable();
    table.text('head_sha').notNullable();
    table.text('base_sha').notNullable();
    table.text('status').notNullable();
    table.text('shas_json').notNullable().comment('Oldest first');
    table.boolean('complete').notNullable();
    table.bigInteger('retry_at').comment('Worth another try from then on');
    table.primary(['repo_key', 'head_sha', 'base_sha']);
  });

  await knex.schema.createTable('incident_issue', table => {
    table.text('repo_key').notNullable();
    table.integer('number').notNullable();
    table.boolean('is_incident').notNullable();
    table.text('title').notNullable();
    table.text('body');
    table.text('url');
    table.text('labels_json').notNullable();
    table.bigInteger('opened_at').notNullable();
    table.bigInteger('labelled_at');
    table.bigInteger('closed_at');
    table.bigInteger('updated_at').notNullable().comment('By the vendor');
    table.primary(['repo_key', 'number']);
    table.index(['repo_key', 'opened_at'], 'incident_issue_list_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'incident_issue',
    'commit_span',
    'commit_files',
    'change_commit',
    'pull_request',
  ]) {
    await knex.schema.dropTable(table);
  }
};
