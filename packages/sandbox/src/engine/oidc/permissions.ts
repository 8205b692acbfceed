import type { RepoRecord } from '../../state';
import type { LoadedWorkflow } from '../WorkflowSource';
import type { JobSpec, PermissionsSpec } from '../workflowTypes';

type Access = 'none' | 'read' | 'write';

/** What the token of a job may do, by scope; what is absent it may not. */
export type Permissions = Readonly<Record<string, Access>>;

const SCOPES = [
  'actions',
  'artifact-metadata',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'issues',
  'packages',
  'pages',
  'pull-requests',
  'security-events',
  'statuses',
];

const RANK: Record<Access, number> = { none: 0, read: 1, write: 2 };

const all = (access: Access): Permissions =>
  Object.fromEntries(SCOPES.map(scope => [scope, access]));

const isAccess = (value: unknown): value is Access =>
  value === 'none' || value === 'read' || value === 'write';

function readSpec(spec: PermissionsSpec): Permissions {
  if (spec === 'read-all') return all('read');
  // There is no reading of an ID token: only "write all" gives it.
  if (spec === 'write-all') return { ...all('write'), 'id-token': 'write' };
  if (typeof spec !== 'object' || spec === null) return {};
  return Object.fromEntries(
    Object.entries(spec).flatMap(([scope, access]) =>
      isAccess(access) ? [[scope, access]] : [],
    ),
  );
}

/** What jobs have whose workflow says nothing: never an ID token. */
function usual(repo: RepoRecord): Permissions {
  return repo.actions?.defaultWorkflowPermissions === 'write'
    ? all('write')
    : { contents: 'read', packages: 'read' };
}

const narrowed = (wanted: Permissions, granted: Permissions): Permissions =>
  Object.fromEntries(
    Object.entries(wanted).map(([scope, access]): [string, Access] => {
      const most = granted[scope] ?? 'none';
      return [scope, RANK[access] <= RANK[most] ? access : most];
    }),
  );

/** GitHub's sentence for a job that wants more than its callers give it; undefined when all is well. */
export function excessOf(
  repo: RepoRecord,
  loaded: LoadedWorkflow,
  granted?: Permissions,
): string | undefined {
  for (const spec of loaded.file.jobs.values()) {
    const asked = spec.permissions ?? loaded.file.permissions;
    const wanted = asked === undefined ? undefined : readSpec(asked);
    const most = granted ?? wanted ?? usual(repo);
    const [scope, access] =
      Object.entries(wanted ?? {}).find(
        ([name, level]) => RANK[level] > RANK[most[name] ?? 'none'],
      ) ?? [];
    if (scope) {
      return `Error calling workflow '${loaded.slug}/${loaded.file.path}@${
        loaded.ref
      }'. The nested job '${
        spec.id
      }' is requesting '${scope}: ${access}', but is only allowed '${scope}: ${
        most[scope] ?? 'none'
      }'.`;
    }
    const called = loaded.calls.get(spec.id);
    const below = called && excessOf(repo, called, wanted ?? most);
    if (below) return below;
  }
  return undefined;
}

/** A job in its workflow file. */
export interface JobPlace {
  /** The workflow whose file the job stands in. */
  loaded: LoadedWorkflow;
  spec: JobSpec;
  /** Its own wishes within those of every call on the way. */
  permissions: Permissions;
}

/**
 * Finds a job by its key path (`deploy-production/deploy`).
 * @throws Error when the workflow has no such job
 */
export function jobPlace(
  repo: RepoRecord,
  root: LoadedWorkflow,
  key: string,
): JobPlace {
  let loaded = root;
  let permissions = usual(repo);
  let narrow = false;
  for (const [index, id] of key.split('/').entries()) {
    const spec = loaded.file.jobs.get(id);
    if (!spec) break;
    const wanted = spec.permissions ?? loaded.file.permissions;
    if (wanted !== undefined) {
      const read = readSpec(wanted);
      permissions = narrow ? narrowed(read, permissions) : read;
    }
    narrow = true;
    if (index === key.split('/').length - 1) {
      return { loaded, spec, permissions };
    }
    const called = loaded.calls.get(id);
    if (!called) break;
    loaded = called;
  }
  throw new Error(`${root.file.path} has no job ${key}`);
}
