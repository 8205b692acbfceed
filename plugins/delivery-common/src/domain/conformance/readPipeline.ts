import { parseWorkflowYaml } from '../graph/parseWorkflowYaml';
import type { ConformanceFacts } from './facts';
import type {
  Concurrency,
  Permissions,
  Pipeline,
  PipelineJob,
  PipelineStep,
  PipelineWorkflow,
  Place,
} from './Pipeline';
import { YamlPart } from './yamlParts';

/** GitHub's own limit of calls within calls. */
const MOST_DEPTH = 4;
const INPUT = /\$\{\{\s*inputs\.([\w-]+)\s*\}\}/g;

type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K];
};

/** Puts the caller's literal inputs in; other expressions stay as they are. */
const withInputs = (text: string, inputs: Readonly<Record<string, string>>) =>
  text.replace(INPUT, (whole, name: string) => inputs[name] ?? whole);

function permissionsOf(part: YamlPart | undefined): Permissions | undefined {
  if (!part) return undefined;
  const text = part.text();
  if (text === 'write-all' || text === 'read-all') return text;
  return part.texts();
}

function concurrencyOf(part: YamlPart | undefined): Concurrency | undefined {
  if (!part) return undefined;
  const text = part.text();
  if (text !== undefined) return { group: text, cancelInProgress: 'false' };
  const group = part.get('group')?.text();
  if (!group) return undefined;
  const cancelInProgress = part.get('cancel-in-progress')?.text() ?? 'false';
  return { group, cancelInProgress };
}

function stepOf(part: YamlPart, path: string): PipelineStep {
  const text = (key: string) => part.get(key)?.text();
  return {
    ...{ path, line: part.line, run: text('run') ?? '' },
    ...{ id: text('id'), name: text('name'), uses: text('uses') },
    if: text('if'),
    with: part.get('with')?.texts() ?? {},
    env: part.get('env')?.texts() ?? {},
  };
}

function triggersOf(root: YamlPart): string[] {
  // YAML 1.1 readers take `on` for true; this one does not, but files written by them may say so.
  return (root.get('on') ?? root.get('true'))?.words() ?? [];
}

function defaultsOf(root: YamlPart): Record<string, string> {
  const on = root.get('on') ?? root.get('true');
  const inputs = on?.get('workflow_call')?.get('inputs');
  return Object.fromEntries(
    (inputs?.entries() ?? []).flatMap(([name, part]) => {
      const value = part.get('default')?.text();
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What a job has from those that call it. */
interface Above {
  key: string;
  name: string;
  conditions: readonly string[];
  permissions?: Permissions;
  concurrency?: Concurrency;
  inputs: Readonly<Record<string, string>>;
  depth: number;
}

class Reader {
  readonly #facts: ConformanceFacts;
  readonly #workflow: Mutable<PipelineWorkflow>;

  constructor(facts: ConformanceFacts, workflow: Mutable<PipelineWorkflow>) {
    this.#facts = facts;
    this.#workflow = workflow;
  }

  jobs(root: YamlPart, path: string, above: Above): void {
    const permissions = permissionsOf(root.get('permissions'));
    const concurrency = concurrencyOf(root.get('concurrency'));
    const inherited: Above = {
      ...above,
      permissions: permissions ?? above.permissions,
      concurrency: concurrency ?? above.concurrency,
    };
    for (const [key, part] of root.get('jobs')?.entries() ?? []) {
      this.#job(
        key,
        part,
        { path, env: root.get('env')?.texts() ?? {} },
        inherited,
      );
    }
  }

  #job(
    key: string,
    part: YamlPart,
    file: { path: string; env: Record<string, string> },
    above: Above,
  ): void {
    const place = { path: file.path, line: part.line };
    const condition = part.get('if')?.text();
    const here = {
      key: above.key + key,
      name: above.name + (part.get('name')?.text() ?? key),
      conditions: condition
        ? [...above.conditions, condition]
        : above.conditions,
      permissions: permissionsOf(part.get('permissions')) ?? above.permissions,
      concurrency: concurrencyOf(part.get('concurrency')) ?? above.concurrency,
    };
    const uses = part.get('uses')?.text();
    if (uses !== undefined) {
      this.#workflow.uses.push({ ...place, text: uses });
      if (part.get('secrets')?.text() === 'inherit') {
        this.#workflow.inherits.push(place);
      }
      const given = part.get('with')?.texts() ?? {};
      const inputs = Object.fromEntries(
        Object.entries(given).map(([name, value]) => [
          name,
          withInputs(value, above.inputs),
        ]),
      );
      this.#call(uses, place, { ...above, ...here, inputs });
      return;
    }
    const steps = (part.get('steps')?.items() ?? []).map(step =>
      stepOf(step, file.path),
    );
    for (const step of steps) {
      if (step.uses === undefined) continue;
      const { path, line } = step;
      this.#workflow.uses.push({ path, line, text: step.uses });
    }
    const wanted = part.get('environment');
    const environment = wanted?.text() ?? wanted?.get('name')?.text();
    this.#workflow.jobs.push({
      ...{ ...place, ...here, steps, inputs: above.inputs },
      ...(environment && {
        environment: withInputs(environment, above.inputs),
      }),
      env: { ...file.env, ...part.get('env')?.texts() },
      workflow: this.#workflow as PipelineWorkflow,
    });
  }

  #call(uses: string, place: Place, above: Above): void {
    const unread = () => this.#workflow.unread.push({ ...place, text: uses });
    if (above.depth >= MOST_DEPTH) {
      unread();
      return;
    }
    const local = uses.startsWith('./') ? uses.slice(2) : undefined;
    const text = local
      ? this.#facts.workflows.find(({ path }) => path === local)?.text
      : this.#facts.called[uses];
    const path = local ?? uses.split('@')[0];
    const root = typeof text === 'string' ? rootOf(text) : undefined;
    if (!root?.isMap) {
      unread();
      return;
    }
    this.jobs(root, path, {
      ...above,
      key: `${above.key}/`,
      name: `${above.name} / `,
      inputs: { ...defaultsOf(root), ...above.inputs },
      depth: above.depth + 1,
    });
  }
}

function rootOf(text: string): YamlPart | undefined {
  try {
    return YamlPart.of(parseWorkflowYaml(text), text);
  } catch {
    return undefined;
  }
}

/** Reads workflow files that nobody vouches for; what cannot be read is told, never guessed. */
export function readPipeline(facts: ConformanceFacts): Pipeline {
  const workflows: PipelineWorkflow[] = [];
  const broken: { path: string; text: string }[] = [];
  const { ownWorkflows } = facts;
  for (const { path, text } of facts.workflows) {
    const file = path.split('/').at(-1) ?? path;
    const own = !ownWorkflows || ownWorkflows.includes(file);
    const root = rootOf(text);
    if (own && !root?.isMap) {
      broken.push({
        path,
        text: `${path} is not a workflow that can be read.`,
      });
    }
    if (!own || !root?.isMap) continue;
    const workflow: Mutable<PipelineWorkflow> = {
      ...{ path, line: 1, triggers: triggersOf(root) },
      permissions: permissionsOf(root.get('permissions')),
      ...{ jobs: [] as PipelineJob[], uses: [], inherits: [], unread: [] },
    };
    new Reader(facts, workflow).jobs(root, path, {
      ...{ key: '', name: '', conditions: [], inputs: {}, depth: 0 },
    });
    workflows.push(workflow);
  }
  // What is only ever called stands in its callers already; a repository of such files is looked at as it is.
  const started = workflows.filter(({ triggers }) =>
    triggers.some(name => name !== 'workflow_call'),
  );
  const jobs = (started.length > 0 ? started : workflows).flatMap(
    workflow => workflow.jobs,
  );
  return { workflows, jobs, broken };
}
