// @ts-check

/** What arrived and waits, which service owns which facts, and where reading stands. @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('inbox', table => {
    table.bigIncrements('id');
    table.text('provider').notNullable();
    table.text('delivery_id').notNullable();
    table.text('event').notNullable();
    table.text('body_hash').notNullable();
    table.text('body').notNullable();
    table.bigInteger('received_at').notNullable();
    table.text('state').notNullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('claimed_until').comment('Lease, or time of next try');
    table.text('error');
    table.bigInteger('done_at');
    table.text('parked_host').comment('Of the repository no service has yet');
    table.text('parked_slug');
    table.index(['state', 'done_at'], 'inbox_state_idx');
    table.index(['parked_host', 'parked_slug'], 'inbox_parked_idx');
  });
  await knex.raw(
    `create index inbox_open_idx on inbox (id) where state = 'open'`,
  );
  // "Seen" means not failed: a redelivery of a failed row must be a new try.
  await knex.raw(
    `create unique index inbox_delivery_uq on inbox (provider, delivery_id) where state <> 'failed'`,
  );
  await knex.raw(
    `create unique index inbox_body_uq on inbox (provider, body_hash) where state <> 'failed'`,
  );

  await knex.schema.createTable('service', table => {
    table.increments('id');
    table.text('entity_ref').notNullable().unique();
  });

  await knex.schema.createTable('service_binding', table => {
    table.integer('service_id').notNullable();
    table.text('host').notNullable();
    table.text('slug').notNullable().comment('Lower case');
    table.text('workflows_json').notNullable();
    table.text('paths_json').notNullable();
    table.primary(['service_id', 'host', 'slug']);
    table.index(['host', 'slug'], 'service_binding_repo_idx');
  });

  await knex.schema.createTable('run_service', table => {
    table.integer('service_id').notNullable();
    table.bigInteger('created_at').notNullable();
    table.text('run_key').notNullable();
    // In this order it is the list of a service's runs, newest first when read backwards.
    table.primary(['service_id', 'created_at', 'run_key']);
    table.index(['run_key'], 'run_service_run_idx');
  });

  await knex.schema.createTable('sync_state', table => {
    table.text('scope').primary();
    table.text('backfill').notNullable();
    table.text('cursor');
    table.integer('runs').notNullable().defaultTo(0);
    table.bigInteger('data_since');
    table.text('etag');
    table.bigInteger('confirmed_at');
    table.bigInteger('last_event_at');
    table.text('problem_json');
  });

  await knex.schema.createTable('setting', table => {
    table.text('name').primary();
    table.text('value').notNullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'setting',
    'sync_state',
    'run_service',
    'service_binding',
    'service',
    'inbox',
  ]) {
    await knex.schema.dropTable(table);
  }
};
