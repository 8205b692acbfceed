// @ts-check

/**
 * What was read of repositories so that their pipelines can be held against the rules, and what came out for each service. Everything
 * here can be read and derived again.
 */

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('conformance_reading', table => {
    table.text('repo_key').primary();
    table.text('reading_json').comment('Null: it was never possible');
    table.bigInteger('read_at').comment('When what is there was read');
    table.bigInteger('tried_at').notNullable();
    table.text('problem').comment('Why the last try failed');
    table.index(['tried_at'], 'conformance_reading_tried_idx');
  });
  await knex.schema.createTable('conformance_result', table => {
    table.text('entity_ref').primary();
    table.text('repo_key').notNullable();
    table.bigInteger('as_of').notNullable();
    table.text('report_json').notNullable();
    table.index(['repo_key'], 'conformance_result_repo_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('conformance_result');
  await knex.schema.dropTable('conformance_reading');
};
