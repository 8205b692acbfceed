import type { ApprovalDetail } from '../../contract';
import { compareText } from '../canonical';
import { lastPart, plain, shortSha } from '../environments/vendorText';
import type { ChangeRange } from './facts';

type Change = ApprovalDetail['changes'][number];

/** Directories whose files change a database, lower case. */
const MIGRATION_DIRECTORIES = [
  'migrations',
  'migration',
  'flyway',
  'liquibase',
  'db/migrate',
  'db/changelog',
  'alembic/versions',
];
const NO_MIGRATION = /(^|\/)(\.[^/]*|__init__\.py|readme[^/]*|[^/]*\.mdx?)$/i;
const INFRASTRUCTURE =
  /(^|\/)(terraform|infra|infrastructure|cdk|cloudformation)\/|\.(tf|tfvars|hcl)$|(^|\/)cdk\.json$/i;
const PIPELINE = /^\.github\/(workflows|actions)\//i;
/** Paths a row of changes lists. */
const MAX_PATHS = 50;

/** Files in a directory of database migrations: added ones first, each by path. */
export function migrationsIn(
  files: { path: string; status: string }[],
): string[] {
  const rank = ({ status }: { status: string }) => (status === 'added' ? 0 : 1);
  return files
    .filter(({ path }) => isMigration(path))
    .sort((a, b) => rank(a) - rank(b) || compareText(a.path, b.path))
    .map(({ path }) => plain(path, 300));
}

function isMigration(path: string): boolean {
  const directory = `/${path.toLowerCase().replace(/[^/]*$/, '')}`;
  return (
    !NO_MIGRATION.test(path) &&
    MIGRATION_DIRECTORIES.some(name => directory.includes(`/${name}/`))
  );
}

/** How much changes. `atLeast`: the vendor's list is cut, there is more. */
export function sizeOf(range: ChangeRange): {
  files: number;
  additions: number;
  deletions: number;
  atLeast: boolean;
} {
  const sum = (key: 'additions' | 'deletions') =>
    range.files.reduce((total, file) => total + count(file[key]), 0);
  return {
    files: range.files.length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    atLeast: range.filesCut,
  };
}

function count(value: number): number {
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** What runs against what comes in, one row for each thing; what is not known is left out or says so. */
export function changesOf(input: {
  component: string;
  running?: { sha?: string; digest?: string; taskDefinition?: string };
  incoming: { sha: string; digest?: string };
  range?: ChangeRange;
}): ApprovalDetail['changes'] {
  const { component, running, incoming, range } = input;
  return [
    {
      kind: 'commit',
      name: component,
      running: running?.sha && shortSha(running.sha),
      incoming: shortSha(incoming.sha),
      tag: tagOf(running, running?.sha, incoming.sha),
    },
    ...imageRow(input),
    ...(running?.taskDefinition
      ? [
          {
            kind: 'task_definition',
            name: 'task definition',
            running: lastPart(running.taskDefinition),
            tag: 'unknown' as const,
            detail: ['The next one is known once the deployment has made it.'],
          },
        ]
      : []),
    ...(range ? rowsOfFiles(range) : []),
  ];
}

function imageRow({
  component,
  running,
  incoming,
}: Parameters<typeof changesOf>[0]): Change[] {
  if (!running?.digest && !incoming.digest) return [];
  return [
    {
      kind: 'image',
      name: component,
      running: running?.digest && shortDigest(running.digest),
      incoming: incoming.digest && shortDigest(incoming.digest),
      tag: tagOf(running, running?.digest, incoming.digest),
    },
  ];
}

/** New only where nothing runs; half a comparison is none. */
function tagOf(
  running: { sha?: string; digest?: string } | undefined,
  before: string | undefined,
  after: string | undefined,
): Change['tag'] {
  if (!after) return 'unknown';
  if (!before) return running ? 'unknown' : 'new';
  return before === after ? 'unchanged' : 'changed';
}

function rowsOfFiles(range: ChangeRange): Change[] {
  const migrations = migrationsIn(range.files);
  const added = range.files.filter(
    ({ path, status }) => status === 'added' && isMigration(path),
  ).length;
  const touching = (pattern: RegExp) =>
    range.files
      .filter(({ path }) => pattern.test(path))
      .map(({ path }) => plain(path, 300));
  const pipeline = touching(PIPELINE);
  return [
    rowOf('migrations', 'database migrations', migrations, {
      range,
      tag: added > 0 ? 'new' : 'changed',
    }),
    rowOf('infrastructure', 'infrastructure', touching(INFRASTRUCTURE), {
      range,
      tag: 'changed',
    }),
    ...(pipeline.length > 0
      ? [rowOf('pipeline', 'pipeline', pipeline, { range, tag: 'changed' })]
      : []),
  ];
}

function rowOf(
  kind: string,
  name: string,
  paths: string[],
  { range, tag }: { range: ChangeRange; tag: Change['tag'] },
): Change {
  if (paths.length === 0) {
    return { kind, name, tag: range.filesCut ? 'unknown' : 'unchanged' };
  }
  const more = paths.length - 1;
  return {
    kind,
    name,
    tag,
    incoming: `${lastPart(paths[0])}${more > 0 ? ` and ${more} more` : ''}`,
    detail: paths.slice(0, MAX_PATHS),
  };
}

function shortDigest(digest: string): string {
  return plain(digest, 19);
}
