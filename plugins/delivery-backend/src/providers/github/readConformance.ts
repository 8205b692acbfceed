import type {
  ConformanceReading,
  RepositoryScope,
} from 'backstage-plugin-delivery-node';
import { z } from 'zod';
import type { GithubClient } from './GithubClient';
import { MAX_WORKFLOW_BYTES, readWorkflowFile } from './readFiles';
import { ownerAndName } from './readRuns';
import { parseBody } from './schema';

/** More workflow files than this are not looked at; the reading says nothing about the others, so there must be room. */
const MOST_FILES = 60;
const MOST_CALLED = 30;
const MOST_ENVIRONMENTS = 100;
const WORKFLOWS = '.github/workflows';
const USES =
  /^\s*(?:-\s+)?uses:\s*['"]?([\w.-]+\/[\w.-]+)\/(\.github\/workflows\/[\w.-]+\.ya?ml)@([\w./-]{1,200})/gm;

const commitBody = z.object({ sha: z.string().max(64) });
const folderBody = z.array(
  z.object({ type: z.string(), path: z.string().max(1_000) }),
);
const fileBody = z.object({
  type: z.literal('file'),
  size: z.number(),
  encoding: z.string().nullish(),
  content: z.string().nullish(),
});
const ruleBody = z.object({
  type: z.string(),
  prevent_self_review: z.boolean().nullish(),
  reviewers: z.array(z.unknown()).nullish(),
});
const environmentsBody = z.object({
  environments: z.array(
    z.object({
      name: z.string(),
      can_admins_bypass: z.boolean().nullish(),
      protection_rules: z.array(ruleBody).nullish(),
      deployment_branch_policy: z
        .object({
          protected_branches: z.boolean(),
          custom_branch_policies: z.boolean(),
        })
        .nullish(),
    }),
  ),
});
const policiesBody = z.object({
  branch_policies: z.array(z.object({ name: z.string().nullish() })),
});

type Environment = NonNullable<ConformanceReading['environments']>[number];

const gone = (error: unknown) =>
  error instanceof Error &&
  (error.name === 'NotFoundError' || error.name === 'NotAllowedError');

/** Undefined for what is not there or may not be read; anything else is thrown. */
async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (gone(error)) return undefined;
    throw error;
  }
}

/** Reads one repository for the rules; see DeliveryProvider.readConformance. */
class ConformanceReads {
  /** Called workflows by what stands behind `uses:`, of full SHAs only: they never change. */
  readonly #pinned = new Map<string, string>();

  constructor(
    private readonly client: GithubClient,
    private readonly signal: AbortSignal,
    known?: ReadonlyMap<string, string>,
  ) {
    known?.forEach((text, uses) => this.#pinned.set(uses, text));
  }

  /** What may be handed to the next reading. */
  get pinned(): ReadonlyMap<string, string> {
    return this.#pinned;
  }

  async read(scope: RepositoryScope): Promise<ConformanceReading> {
    const { owner, repo } = ownerAndName(scope.slug);
    const commit = await this.#get(
      'GET /repos/{owner}/{repo}/commits/{ref}',
      { owner, repo, ref: 'HEAD' },
      `newest commit of ${scope.slug}`,
    );
    const { sha } = parseBody(commitBody, commit, 'commit');
    const workflows = await this.#workflows(scope, sha);
    const catalogInfo = await ifThere(
      this.#text({ owner, repo }, 'catalog-info.yaml', sha),
    );
    return {
      ...{ sha, workflows },
      ...(catalogInfo !== undefined && { catalogInfo }),
      called: await this.#called(scope.host, workflows),
      environments: await ifThere(this.#environments(owner, repo)),
    };
  }

  async #workflows(scope: RepositoryScope, sha: string) {
    const { owner, repo } = ownerAndName(scope.slug);
    const folder = await ifThere(
      this.#get(
        'GET /repos/{owner}/{repo}/contents/{path}',
        { owner, repo, path: WORKFLOWS, ref: sha },
        `${WORKFLOWS} of ${scope.slug}`,
      ),
    );
    if (!Array.isArray(folder)) return [];
    const paths = parseBody(folderBody, folder, 'contents')
      .filter(({ type, path }) => type === 'file' && /\.ya?ml$/.test(path))
      .map(({ path }) => path)
      .sort()
      .slice(0, MOST_FILES);
    const files: ConformanceReading['workflows'] = [];
    for (const path of paths) {
      try {
        const { text } = await readWorkflowFile(
          this.client,
          scope,
          { path, sha },
          this.signal,
        );
        files.push({ path, text });
      } catch (error) {
        // A file that is too large or no text is there all the same: the rules say that it cannot be read.
        if ((error as Error).name !== 'InputError') throw error;
        files.push({ path, text: '' });
      }
    }
    return files;
  }

  async #called(host: string, workflows: { text: string }[]) {
    const called: Record<string, string | null> = {};
    const queue = workflows.map(({ text }) => text);
    for (let text = queue.shift(); text !== undefined; text = queue.shift()) {
      for (const [, slug, path, ref] of text.matchAll(USES)) {
        const uses = `${slug}/${path}@${ref}`;
        if (uses in called) continue;
        if (Object.keys(called).length >= MOST_CALLED) return called;
        const found = await this.#calledFile(host, { slug, path, ref }, uses);
        called[uses] = found ?? null;
        if (found !== undefined) queue.push(found);
      }
    }
    return called;
  }

  async #calledFile(
    host: string,
    file: { slug: string; path: string; ref: string },
    uses: string,
  ): Promise<string | undefined> {
    const { slug, path, ref } = file;
    const known = this.#pinned.get(`${host} ${uses}`);
    if (known !== undefined) return known;
    const found = await ifThere(this.#text(ownerAndName(slug), path, ref));
    if (found !== undefined && /^[0-9a-f]{40}$/.test(ref)) {
      this.#pinned.set(`${host} ${uses}`, found);
    }
    return found;
  }

  async #environments(owner: string, repo: string): Promise<Environment[]> {
    const body = await this.#get(
      'GET /repos/{owner}/{repo}/environments',
      { owner, repo, per_page: MOST_ENVIRONMENTS },
      `environments of ${owner}/${repo}`,
    );
    const { environments } = parseBody(environmentsBody, body, 'environments');
    const found: Environment[] = [];
    for (const item of environments) {
      const review = item.protection_rules?.find(
        ({ type }) => type === 'required_reviewers',
      );
      const policy = item.deployment_branch_policy;
      let branches: Environment['branches'] = 'all';
      if (policy?.protected_branches) branches = 'protected';
      else if (policy?.custom_branch_policies) {
        branches = await this.#branches(owner, repo, item.name);
      }
      found.push({
        ...{ name: item.name, branches },
        reviewers: review?.reviewers?.length ?? 0,
        preventSelfReview: review?.prevent_self_review === true,
        // Absent in the answers of older servers, where administrators always could.
        adminsBypass: item.can_admins_bypass !== false,
      });
    }
    return found;
  }

  async #branches(owner: string, repo: string, name: string) {
    const body = await this.#get(
      'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies',
      { owner, repo, environment_name: name, per_page: 100 },
      `branches of an environment of ${owner}/${repo}`,
    );
    return parseBody(
      policiesBody,
      body,
      'branch policies',
    ).branch_policies.flatMap(policy => policy.name ?? []);
  }

  async #text(
    { owner, repo }: { owner: string; repo: string },
    path: string,
    ref: string,
  ): Promise<string> {
    const what = `${path} of ${owner}/${repo}`;
    const body = await this.#get(
      'GET /repos/{owner}/{repo}/contents/{path}',
      { owner, repo, path, ref },
      what,
    );
    const raw = parseBody(fileBody, body, 'contents');
    const usable = raw.size <= MAX_WORKFLOW_BYTES && raw.encoding === 'base64';
    return usable
      ? Buffer.from(raw.content ?? '', 'base64').toString('utf8')
      : '';
  }

  async #get(
    route: string,
    parameters: { owner: string } & Record<string, unknown>,
    what: string,
  ): Promise<unknown> {
    const { owner } = parameters;
    const answer = await this.client.call({
      ...{ route, owner, parameters, what },
      signal: this.signal,
    });
    return answer.data;
  }
}

/** How many shared workflows are remembered. */
const MOST_PINNED = 200;

/** Reads repositories, and reusable workflows that services share only once. */
export function conformanceReader() {
  let pinned: ReadonlyMap<string, string> = new Map();
  return async (
    client: GithubClient,
    scope: RepositoryScope,
    signal: AbortSignal,
  ): Promise<ConformanceReading> => {
    const reads = new ConformanceReads(client, signal, pinned);
    const reading = await reads.read(scope);
    pinned = new Map([...reads.pinned].slice(-MOST_PINNED));
    return reading;
  };
}
