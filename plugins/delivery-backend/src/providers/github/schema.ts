import { InputError } from '@backstage/errors';
import { z } from 'zod';

/**
 * What we read of GitHub's bodies. They come from outside and from versions we never saw, so anything may be missing and more may be
 * there; a thing of the wrong type is refused. Texts are cut: they are shown, never computed with.
 */

/** Postgres keeps no NUL in a text, and `\u0000` is legal JSON. */
export function text(max: number) {
  return z
    .string()
    .transform(value => value.replaceAll('\0', '').slice(0, max));
}

export const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
export const sha = z
  .string()
  .regex(/^[0-9a-fA-F]{6,64}$/, 'is not the name of a commit')
  .transform(value => value.toLowerCase());
export const time = z.string().transform((value, context) => {
  const at = Date.parse(value);
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'is not a time' });
  return z.NEVER;
});
export const word = text(60);
/** First line of a message. */
const title = z.string().transform(value =>
  value
    .slice(0, 2000)
    .split(/[\r\n]/, 1)[0]
    .replaceAll('\0', '')
    .slice(0, 300),
);
/** A time that is only shown: one that is wrong is none. */
export const maybeTime = z
  .unknown()
  .optional()
  .transform(value => (typeof value === 'string' ? Date.parse(value) : NaN))
  .transform(at => (Number.isFinite(at) ? at : undefined));

/** `nullish` as one case: absent. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform(value => value ?? undefined);
}

/** A list that is cut before its items are looked at. */
export function list<T extends z.ZodType>(item: T, max: number) {
  return z
    .array(z.unknown())
    .nullish()
    .transform(items => (items ?? []).slice(0, max))
    .pipe(z.array(item));
}

const account = optional(z.object({ login: optional(text(100)) }));

export const repositorySchema = z.object({
  id,
  full_name: z
    .string()
    .regex(
      /^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/,
      'is not owner/name',
    ),
  html_url: z.string().max(2000),
  default_branch: optional(text(255)),
});

export const workflowSchema = z.object({
  id,
  name: optional(text(255)),
  path: optional(text(500)),
  html_url: optional(text(2000)),
});

export const runSchema = z.object({
  id,
  workflow_id: id,
  name: optional(text(255)),
  display_title: optional(text(500)),
  head_commit: optional(z.object({ message: optional(text(500)) })),
  path: optional(text(500)),
  run_number: z.number().int().nonnegative().max(2_147_483_647),
  run_attempt: optional(z.number().int().min(1).max(2_147_483_647)),
  event: text(100),
  status: optional(word),
  conclusion: optional(word),
  head_branch: optional(text(255)),
  head_sha: sha,
  actor: account,
  triggering_actor: account,
  html_url: optional(text(2000)),
  created_at: time,
  updated_at: time,
  run_started_at: optional(time),
  pull_requests: list(
    z.object({ number: optional(z.number().int().max(2_147_483_647)) }),
    10,
  ),
  referenced_workflows: list(
    z.object({ path: text(500), sha: optional(sha) }),
    100,
  ),
});
export type RawRun = z.output<typeof runSchema>;

const stepSchema = z.object({
  number: z.number().int(),
  name: text(500),
  status: optional(word),
  conclusion: optional(word),
  started_at: optional(time),
  completed_at: optional(time),
});

export const jobSchema = z.object({
  id,
  run_id: id,
  run_attempt: optional(z.number().int().min(1).max(2_147_483_647)),
  name: text(500),
  status: optional(word),
  conclusion: optional(word),
  created_at: optional(time),
  started_at: optional(time),
  completed_at: optional(time),
  html_url: optional(text(2000)),
  runner_name: optional(text(200)),
  labels: list(text(200), 50),
  steps: list(stepSchema, 1000),
});
export type RawJob = z.output<typeof jobSchema>;

export const deploymentSchema = z.object({
  id,
  sha,
  ref: text(500),
  environment: text(255),
  creator: account,
  created_at: time,
});
export type RawDeployment = z.output<typeof deploymentSchema>;

export const deploymentStatusSchema = z.object({
  id,
  state: word,
  creator: account,
  created_at: time,
  target_url: optional(text(2000)),
  log_url: optional(text(2000)),
});
export type RawDeploymentStatus = z.output<typeof deploymentStatusSchema>;

export const checkRunSchema = z.object({
  id,
  name: text(500),
  head_sha: sha,
  status: optional(word),
  conclusion: optional(word),
  started_at: optional(time),
  completed_at: optional(time),
  html_url: optional(text(2000)),
  app: optional(
    z.object({ slug: optional(text(100)), name: optional(text(100)) }),
  ),
});
export type RawCheckRun = z.output<typeof checkRunSchema>;

/** A job as `deployment_review` tells of it: without run, labels and steps. */
export const reviewedJobSchema = z.object({
  id,
  name: text(500),
  status: optional(word),
  conclusion: optional(word),
  created_at: optional(time),
  html_url: optional(text(2000)),
  environment: optional(text(255)),
});

const fileNames = list(text(1000), 10_000);

export const pushSchema = z.object({
  ref: text(500),
  before: sha,
  after: sha,
  deleted: optional(z.boolean()),
  forced: optional(z.boolean()),
  commits: list(
    z.object({
      id: optional(sha),
      message: optional(title),
      author: optional(
        z.object({ username: optional(text(100)), name: optional(text(100)) }),
      ),
      timestamp: maybeTime,
      added: fileNames,
      removed: fileNames,
      modified: fileNames,
    }),
    2049,
  ),
});
export type RawPush = z.output<typeof pushSchema>;

export const signature = optional(
  z.object({ name: optional(text(100)), date: maybeTime }),
);

export const commitSchema = z.object({
  sha,
  commit: z.object({ message: title, author: signature, committer: signature }),
  author: account,
});

export const count = z.number().int().nonnegative().max(2_147_483_647);

export const comparisonSchema = z.object({
  ahead_by: count,
  behind_by: count,
  html_url: optional(text(2000)),
  commits: list(commitSchema, 250),
});

/** Who decided about gates of a run. */
export const approvalsSchema = list(
  z.object({
    environments: list(z.object({ name: text(255) }), 100),
    state: optional(word),
    user: account,
    comment: optional(text(1000)),
  }),
  500,
);

/**
 * Reads a body by its schema.
 *
 * @throws `InputError` that names the first field that is wrong
 */
export function parseBody<T extends z.ZodType>(
  schema: T,
  body: unknown,
  what: string,
): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [what, ...issue.path].join('.');
  throw new InputError(`${path}: ${issue.message}`.slice(0, 500));
}
