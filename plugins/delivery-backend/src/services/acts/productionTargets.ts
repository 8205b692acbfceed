import type { Tier } from 'backstage-plugin-delivery-common';
import {
  DEFAULT_SET,
  type GateReading,
  matchesEnvironment,
  referencedFile,
  type Workflow,
} from 'backstage-plugin-delivery-common/domain';
import type {
  RepositoryScope,
  UserToken,
  VendorActs,
} from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type {
  EnvironmentBinding,
  EnvironmentStore,
} from '../../database/EnvironmentStore';
import type { RepositoryRow, RunRow } from '../../database/rows';
import type { WorkflowFiles } from '../WorkflowFiles';
import { isExpression } from './serviceWorkflows';

/** An environment that an act could change. */
export interface Target {
  /** The vendor's name; absent: only the run itself will know it. */
  vendorName?: string;
  /** Ours, where the service has it. */
  environment?: string;
  tier: Tier;
}

type Places = Pick<EnvironmentStore, 'environmentsOf' | 'seenEnvironments'>;

/** A target with its gate; undefined: nothing holds it. */
export interface TargetReading {
  target: Target;
  /** The vendor's name. */
  environment: string;
  tier: Tier;
  gate: GateReading | undefined;
}

/** What is read of a run to know where its jobs deploy to. */
export interface TargetsOptions {
  store: Pick<DeliveryStore, 'jobs' | 'deploymentsOfRun' | 'entitiesOfRun'>;
  environments: Places;
  files: Pick<WorkflowFiles, 'read'>;
}

/** Rounds of files that files call; GitHub itself goes no deeper. */
const MAX_DEPTH = 10;
const MAX_FILES = 50;
const MAX_GATES = 20;

/**
 * Where the jobs of a run may deploy to when they are run again: what its attempts did, and what its files say of jobs that did not
 * start. A job whose place only the run itself will know could go to every production environment there is.
 */
export async function targetsOfRun(
  options: TargetsOptions,
  run: RunRow,
  repository: RepositoryRow,
): Promise<Target[]> {
  const [jobs, deployments, declared, refs] = await Promise.all([
    options.store.jobs([run.runKey]),
    options.store.deploymentsOfRun(run.runKey),
    declaredOf(options.files, run, repository),
    options.store.entitiesOfRun(run.runKey),
  ]);
  const names = [
    ...jobs.flatMap(({ environment }) => environment ?? []),
    ...deployments.map(({ environment }) => environment),
    ...run.stages.flatMap(({ environment }) => environment ?? []),
    ...run.waitingFor,
    ...declared.names,
  ];
  return asTargets(options.environments, refs, names, declared.isWhole);
}

/** Where a workflow that is started by hand may deploy to. */
export function targetsOfWorkflow(
  options: Pick<TargetsOptions, 'environments'>,
  entityRef: string,
  workflow: Workflow,
  inputs: Record<string, string>,
): Promise<Target[]> {
  const names = workflow.jobs.flatMap(({ environment }) =>
    environment === undefined ? [] : filledIn(environment, inputs),
  );
  const isWhole = workflow.jobs.every(({ uses }) => uses === undefined);
  return asTargets(options.environments, [entityRef], names, isWhole);
}

/** Gates of those that are production, read with the person's token. */
export async function readTargets(
  acts: VendorActs,
  scope: RepositoryScope,
  targets: Target[],
  token: UserToken,
  signal: AbortSignal,
): Promise<TargetReading[]> {
  const production = targets.filter(({ tier }) => tier === 'production');
  return Promise.all(
    production.map(async (target, at) => {
      const { vendorName, tier } = target;
      return {
        ...{ target, tier },
        environment: vendorName ?? '',
        // What is not read counts as not held.
        gate:
          vendorName === undefined || at >= MAX_GATES
            ? undefined
            : await acts.readEnvironment(scope, vendorName, token, signal),
      };
    }),
  );
}

async function asTargets(
  environments: Places,
  entityRefs: string[],
  names: string[],
  isWhole: boolean,
): Promise<Target[]> {
  const bindings = (
    await Promise.all(entityRefs.map(ref => environments.environmentsOf(ref)))
  ).flat();
  const known = [...new Set(names)]
    .filter(name => !isExpression(name))
    .map(name => targetOf(bindings, name));
  if (isWhole && !names.some(isExpression)) return known;
  const seen = await Promise.all(
    entityRefs.map(ref => environments.seenEnvironments(ref)),
  );
  const configured = bindings.flatMap(({ match }) =>
    match.filter(pattern => !pattern.includes('*')),
  );
  const lower = known.map(({ vendorName }) => vendorName?.toLowerCase());
  const possible = [...new Set([...seen.flat(), ...configured])]
    .filter(name => !lower.includes(name.toLowerCase()))
    .map(name => targetOf(bindings, name));
  const all = [...known, ...possible];
  // None is known to be production: then nobody knows where it goes.
  return all.some(({ tier }) => tier === 'production')
    ? all
    : [...all, { tier: 'production' }];
}

/** A name that is production to any service of the run is production; one that nobody configured is judged by what is usual. */
function targetOf(bindings: EnvironmentBinding[], name: string): Target {
  const fitting = bindings.filter(({ match }) =>
    matchesEnvironment(match, name),
  );
  const chosen =
    fitting.find(({ tier }) => tier === 'production') ?? fitting.at(0);
  const usual = DEFAULT_SET.environments.find(({ match }) =>
    matchesEnvironment(match, name),
  );
  return {
    vendorName: name,
    environment: chosen?.environment,
    tier: chosen?.tier ?? usual?.tier ?? 'other',
  };
}

/** `${{ inputs.where }}` is what the person chose; any other expression stays one. */
function filledIn(name: string, inputs: Record<string, string>): string {
  const match =
    /^\$\{\{\s{0,20}(?:github\.event\.)?inputs\.([A-Za-z0-9_-]{1,100})\s{0,20}\}\}$/.exec(
      name.trim(),
    );
  const value = match && new Map(Object.entries(inputs)).get(match[1]);
  return value ? value : name;
}

/** Environments that the files of a run name. `isWhole` false: a file could not be read, so there may be more. */
async function declaredOf(
  files: Pick<WorkflowFiles, 'read'>,
  run: RunRow,
  repository: RepositoryRow,
): Promise<{ names: string[]; isWhole: boolean }> {
  // What the vendor itself runs has no file, and deploys what is its own.
  if (!run.pipelinePath.startsWith('.github/')) {
    return { names: [], isWhole: true };
  }
  const names: string[] = [];
  const seen = new Set<string>();
  let isWhole = true;
  let open = [{ path: run.pipelinePath, sha: run.sha }];
  for (let depth = 0; open.length > 0; depth++) {
    if (depth >= MAX_DEPTH || seen.size + open.length > MAX_FILES) {
      return { names, isWhole: false };
    }
    const next: typeof open = [];
    for (const file of open) {
      seen.add(`${file.sha} ${file.path}`);
      const workflow = await readOrNot(files, repository, file);
      if (!workflow) isWhole = false;
      for (const { environment, uses } of workflow?.jobs ?? []) {
        if (environment !== undefined) names.push(environment);
        if (uses === undefined) continue;
        const callee = calleeOf(run, repository.slug, uses);
        if (!callee) isWhole = false;
        else if (!seen.has(`${callee.sha} ${callee.path}`)) next.push(callee);
      }
    }
    open = next;
  }
  // Names that an attempt filled in are among its jobs and deployments, but only as far as it came.
  return { names, isWhole };
}

async function readOrNot(
  files: Pick<WorkflowFiles, 'read'>,
  repository: RepositoryRow,
  file: { path: string; sha: string },
): Promise<Workflow | undefined> {
  try {
    return (await files.read(repository, file)).workflow;
  } catch {
    return undefined;
  }
}

function calleeOf(run: RunRow, slug: string, uses: string) {
  const found = referencedFile(uses, run.referenced, slug);
  if (found && found.slug.toLowerCase() !== slug.toLowerCase()) {
    return { path: `${found.slug}/${found.path}`, sha: found.sha };
  }
  if (found) return { path: found.path, sha: found.sha };
  return uses.startsWith('./')
    ? { path: uses.slice('./'.length), sha: run.sha }
    : undefined;
}
