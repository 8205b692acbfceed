import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { renderTemplate } from './renderTemplate';
import { sampleValues, type SampleOptions } from './sampleValues';
import { templateFolder, type TemplateId } from './templates';
import type { Job, Step, Workflow } from './workflows';

/** Short names of what the templates render, as the documents write them. */
export const REPOSITORIES = {
  platform: ['platform-workflows', {}],
  node: ['node-ecs-service', {}],
  monorepo: ['node-ecs-service', { monorepo: true }],
  python: ['python-ecs-service', {}],
  worker: ['worker-cdk-service', {}],
  terraform: ['terraform-bluegreen-service', {}],
} as const satisfies Record<string, readonly [TemplateId, SampleOptions]>;

export type Repository = keyof typeof REPOSITORIES;

/** The repositories of services, each once. */
export const SERVICES = [
  'node',
  'python',
  'worker',
  'terraform',
] as const satisfies readonly Repository[];

const FOLDER = '.github/workflows';

function parseWorkflow(path: string, text: string): Workflow {
  const file = parse(text) as Omit<Workflow, 'path' | 'text'>;
  const on = typeof file.on === 'string' ? { [file.on]: null } : file.on;
  return { ...file, on, path, text };
}

/** The files that all templates render, and each `template.yaml` beside them, as texts that can be changed to try a check. */
export class Output {
  readonly #files: ReadonlyMap<Repository, ReadonlyMap<string, string>>;
  readonly #parsed = new Map<string, Workflow>();

  constructor(files: ReadonlyMap<Repository, ReadonlyMap<string, string>>) {
    this.#files = files;
  }

  /** Paths of a repository's files; `template.yaml` among them. */
  paths(repository: Repository, fits = /(?:)/): string[] {
    return [...(this.#files.get(repository)?.keys() ?? [])]
      .filter(path => fits.test(path))
      .sort();
  }

  /** Where a file lies that may be named without the folder of the workflows, or nothing. */
  find(repository: Repository, name: string): string | undefined {
    const files = this.#files.get(repository);
    return [`${FOLDER}/${name}`, name].find(path => files?.has(path));
  }

  /** @throws when the template does not render the file */
  text(repository: Repository, name: string): string {
    const path = this.find(repository, name);
    if (path === undefined) throw new Error(`${repository} has no ${name}.`);
    return this.#files.get(repository)?.get(path) ?? '';
  }

  workflow(repository: Repository, name: string): Workflow {
    const key = `${repository} ${name}`;
    const known = this.#parsed.get(key);
    if (known) return known;
    const workflow = parseWorkflow(
      `${repository}: ${name}`,
      this.text(repository, name),
    );
    this.#parsed.set(key, workflow);
    return workflow;
  }

  /** Every workflow of some repositories, of all when none is named. */
  workflows(...repositories: readonly Repository[]): Workflow[] {
    const wanted =
      repositories.length > 0 ? repositories : [...this.#files.keys()];
    return wanted.flatMap(repository =>
      this.paths(repository, /^\.github\/workflows\/.+\.ya?ml$/).map(path =>
        this.workflow(repository, path.slice(FOLDER.length + 1)),
      ),
    );
  }

  /** @throws when there is no such job */
  job(repository: Repository, name: string, job: string): Job {
    const found = this.workflow(repository, name).jobs[job];
    if (!found) throw new Error(`${repository}: ${name} has no job ${job}.`);
    return found;
  }

  /** @throws when there is no such step */
  step(repository: Repository, name: string, job: string, id: string): Step {
    const found = this.job(repository, name, job).steps?.find(
      step => step.id === id,
    );
    if (!found)
      throw new Error(`${repository}: ${name} has no step ${job}/${id}.`);
    return found;
  }

  /** The same output with one file changed, or added. */
  with(repository: Repository, name: string, text: string): Output {
    const files = new Map(this.#files.get(repository));
    files.set(this.find(repository, name) ?? name, text);
    return new Output(new Map([...this.#files, [repository, files]]));
  }
}

function readFolder(folder: string): Map<string, string> {
  const paths = readdirSync(folder, {
    recursive: true,
    encoding: 'utf8',
  }).filter(path => statSync(join(folder, path)).isFile());
  return new Map(
    paths.map(path => [path, readFileSync(join(folder, path), 'utf8')]),
  );
}

/** Renders every template with the values that its form would give. */
export async function renderAll(): Promise<Output> {
  const files = new Map<Repository, ReadonlyMap<string, string>>();
  for (const [repository, [id, options]] of Object.entries(REPOSITORIES)) {
    const folder = await renderTemplate(id, sampleValues(id, options));
    const texts = readFolder(folder);
    texts.set(
      'template.yaml',
      readFileSync(join(templateFolder(id), 'template.yaml'), 'utf8'),
    );
    files.set(repository as Repository, texts);
    rmSync(folder, { recursive: true, force: true });
  }
  return new Output(files);
}
