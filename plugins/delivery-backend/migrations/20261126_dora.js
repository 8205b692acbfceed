// @ts-check

/**
 * Derived rows of DORA. Narrow tables hold what is added up, one index each way of asking covers them; whole rows are JSON beside. All of
 * it is made of the facts and can be made again, but for the words of people in dora_override.
 */

/** @param {import('knex').Knex} knex */
function isSqlite(knex) {
  return knex.client.config.client === 'better-sqlite3';
}

/**
 * An index that has all a query reads.
 *
 * @param {import('knex').Knex} knex
 * @param {{ table: string, name: string, key: string[], also?: string[], where?: string }} index
 */
async function covering(knex, { table, name, key, also = [], where }) {
  const columns = isSqlite(knex)
    ? `(${[...key, ...also].join(', ')})`
    : `(${key.join(', ')})${
        also.length > 0 ? ` include (${also.join(', ')})` : ''
      }`;
  await knex.raw(
    `create index ${name} on ${table} ${columns}${
      where ? ` where ${where}` : ''
    }`,
  );
}

const FLAGS = [
  'deployed',
  'judged',
  'failed',
  'rework_judged',
  'rework',
  'tried',
  'succeeded',
  'attempts',
  'attempts_succeeded',
  'rolled_back',
  'open',
];

/** @param {import('knex').Knex} knex */
async function createDeployments(knex) {
  await knex.schema.createTable('dora_deployment', table => {
    table.integer('service_id').notNullable();
    table.text('id').notNullable();
    table.smallint('hidden').notNullable();
    table.bigInteger('at').comment('Moment it counts by');
    table.bigInteger('shown_at').comment('Finish, start or creation');
    for (const flag of FLAGS) {
      const isNumber = flag.startsWith('attempts');
      if (isNumber) table.integer(flag).notNullable();
      else table.smallint(flag).notNullable();
    }
    for (const value of ['duration', 'queued', 'waited']) {
      table.bigInteger(`${value}_ms`);
      table.smallint(`${value}_bin`);
    }
    table.bigInteger('recovered_at');
    table.bigInteger('recovery_ms');
    table.smallint('recovery_bin');
    table.bigInteger('detect_ms');
    table.smallint('detect_bin');
    table.bigInteger('provisional_until').comment('Of counted ones only');
    table.text('excluded');
    table.primary(['service_id', 'id']);
    table.index(['service_id', 'shown_at'], 'dora_deployment_shown_idx');
    table.index(['shown_at'], 'dora_deployment_all_shown_idx');
  });
  await knex.schema.createTable('dora_deployment_row', table => {
    table.integer('service_id').notNullable();
    table.text('id').notNullable();
    table.text('hash').notNullable();
    table.text('json').notNullable();
    table.primary(['service_id', 'id']);
  });
  const table = 'dora_deployment';
  const values = ['duration_ms', 'queued_ms', 'waited_ms'];
  await covering(knex, {
    ...{ table, name: 'dora_deployment_service_idx' },
    key: ['service_id', 'at'],
    also: [...FLAGS, ...values, 'provisional_until'],
  });
  await covering(knex, {
    ...{ table, name: 'dora_deployment_at_idx', where: 'hidden = 0' },
    key: ['at'],
    also: [...FLAGS, 'duration_bin', 'queued_bin', 'waited_bin'],
  });
  await covering(knex, {
    ...{ table, name: 'dora_deployment_recovered_idx' },
    key: ['service_id', 'recovered_at'],
    also: ['recovery_ms', 'detect_ms'],
    where: 'recovered_at is not null',
  });
  await covering(knex, {
    ...{ table, name: 'dora_deployment_all_recovered_idx' },
    key: ['recovered_at'],
    also: ['recovery_bin', 'detect_bin'],
    where: 'hidden = 0 and recovered_at is not null',
  });
  await covering(knex, {
    ...{ table, name: 'dora_deployment_provisional_idx' },
    key: ['provisional_until'],
    also: ['at'],
    where: 'hidden = 0 and provisional_until is not null',
  });
  await covering(knex, {
    ...{ table, name: 'dora_deployment_excluded_idx' },
    key: ['service_id', 'shown_at'],
    also: ['excluded'],
    where: 'excluded is not null',
  });
}

/** @param {import('knex').Knex} knex */
async function createChanges(knex) {
  await knex.schema.createTable('dora_change', table => {
    table.integer('service_id').notNullable();
    table.text('id').notNullable();
    table.integer('place').notNullable().comment('One row a value');
    table.smallint('hidden').notNullable();
    table.bigInteger('at').notNullable();
    table.bigInteger('lead_ms').notNullable();
    table.smallint('lead_bin').notNullable();
    table.primary(['service_id', 'id', 'place']);
  });
  await knex.schema.createTable('dora_change_row', table => {
    table.integer('service_id').notNullable();
    table.text('id').notNullable();
    table.text('hash').notNullable();
    table.bigInteger('at').comment('Deployed, when it counts');
    table.bigInteger('shown_at').comment('Deployed or merged');
    table.text('excluded');
    table.text('json').notNullable();
    table.primary(['service_id', 'id']);
    table.index(['service_id', 'shown_at'], 'dora_change_row_shown_idx');
    table.index(['shown_at'], 'dora_change_row_all_shown_idx');
  });
  await covering(knex, {
    ...{ table: 'dora_change', name: 'dora_change_service_idx' },
    key: ['service_id', 'at'],
    also: ['lead_ms'],
  });
  await covering(knex, {
    ...{ table: 'dora_change', name: 'dora_change_at_idx' },
    key: ['at'],
    also: ['lead_bin'],
    where: 'hidden = 0',
  });
}

/** @param {import('knex').Knex} knex */
async function createIncidents(knex) {
  await knex.schema.createTable('dora_incident', table => {
    table.integer('service_id').notNullable();
    table.text('id').notNullable();
    table.text('hash').notNullable();
    table.smallint('hidden').notNullable();
    table.bigInteger('started_at');
    table.bigInteger('resolved_at');
    table.bigInteger('open_ms');
    table.smallint('open_bin');
    table.text('json').notNullable();
    table.primary(['service_id', 'id']);
    table.index(['service_id', 'started_at'], 'dora_incident_started_idx');
    table.index(['started_at'], 'dora_incident_all_started_idx');
    table.index(['resolved_at'], 'dora_incident_all_resolved_idx');
  });
  await covering(knex, {
    ...{ table: 'dora_incident', name: 'dora_incident_resolved_idx' },
    key: ['service_id', 'resolved_at'],
    also: ['open_ms'],
  });
  await knex.schema.createTable('dora_excluded', table => {
    table.integer('service_id').notNullable();
    table.integer('place').notNullable();
    table.bigInteger('at');
    table.text('what').notNullable();
    table.text('reason').notNullable();
    table.text('json').notNullable();
    table.primary(['service_id', 'place']);
    table.index(['service_id', 'at'], 'dora_excluded_service_idx');
    table.index(['at'], 'dora_excluded_at_idx');
  });
}

/** Values of one bin in order of time: the k-th smallest of a span is looked for in its bin only. @param {import('knex').Knex} knex */
async function createBins(knex) {
  const bins = [
    ['dora_deployment', 'duration', 'at', 'duration_ms'],
    ['dora_deployment', 'queued', 'at', 'queued_ms'],
    ['dora_deployment', 'waited', 'at', 'waited_ms'],
    ['dora_deployment', 'recovery', 'recovered_at', 'recovery_ms'],
    ['dora_deployment', 'detect', 'recovered_at', 'detect_ms'],
    ['dora_change', 'lead', 'at', 'lead_ms'],
    ['dora_incident', 'open', 'resolved_at', 'open_ms'],
  ];
  for (const [table, name, at, value] of bins) {
    await covering(knex, {
      ...{ table, name: `${table}_${name}_bin_idx` },
      key: [`${name}_bin`, at],
      also: [value],
      where: `hidden = 0 and ${name}_bin is not null`,
    });
  }
}

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('dora_service', table => {
    table.increments('id');
    table.text('service').notNullable().unique();
    table.text('version').notNullable();
    table.bigInteger('made_at').notNullable();
    table.bigInteger('data_since');
    table.text('excluded_hash').notNullable();
    table.boolean('hidden').notNullable().comment('Not in the catalog');
  });
  await knex.schema.createTable('dora_dirty', table => {
    table.text('service').primary();
    table.bigInteger('from_at').notNullable();
    table.bigInteger('first_at').notNullable();
    table.bigInteger('marked_at').notNullable();
    table.index(['first_at', 'service'], 'dora_dirty_first_idx');
  });
  await knex.schema.createTable('dora_override', table => {
    table.text('service').notNullable();
    table.text('deployment_id').notNullable();
    table.text('verdict').notNullable();
    table.text('reason').notNullable();
    table.text('by_ref').notNullable();
    table.bigInteger('at').notNullable();
    table.primary(['service', 'deployment_id']);
  });
  await createDeployments(knex);
  await createChanges(knex);
  await createIncidents(knex);
  await createBins(knex);
  // Counts of the whole portal by UTC day, kept with the rows in the same transaction. A flag has the one bin 0.
  await knex.raw(
    `create table dora_day (measure smallint not null, bin smallint not null, day integer not null, n bigint not null,
       primary key (day, measure, bin))${
         isSqlite(knex) ? ' without rowid' : ''
       }`,
  );
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'dora_day',
    'dora_excluded',
    'dora_incident',
    'dora_change_row',
    'dora_change',
    'dora_deployment_row',
    'dora_deployment',
    'dora_override',
    'dora_dirty',
    'dora_service',
  ]) {
    await knex.schema.dropTable(table);
  }
};
