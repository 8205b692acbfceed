-- Up Migration
-- Expand only: the version that runs now has to work with this schema, and with the one before. docs/runbook.md tells how.
create table items (
  id uuid primary key default gen_random_uuid(),
  name text not null check (char_length(name) between 1 and 200),
  created_at timestamptz not null default now()
);
create index items_newest on items (created_at desc, id);

-- Down Migration
drop table items;
