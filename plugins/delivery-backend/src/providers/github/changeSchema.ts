import { z } from 'zod';
import { commitSchema, count, id, list, maybeTime, optional } from './schema';
import { sha, signature, text, time } from './schema';

/** Files of one commit or pull request that GitHub tells at most. */
export const MAX_FILES = 3000;
const MAX_MESSAGE = 4000;
const MAX_BODY = 20_000;

const number = id.max(2_147_483_647);
const person = optional(
  z.object({ login: optional(text(100)), type: optional(text(60)) }),
);
/** Issues may have labels that are only names. */
const labels = list(
  z
    .union([text(100), z.object({ name: optional(text(100)) })])
    .transform(label => (typeof label === 'string' ? label : label.name)),
  100,
).transform(names => names.flatMap(name => name || []));

export const fullCommitSchema = z.object({
  sha,
  parents: list(z.object({ sha }), 100),
  commit: z.object({
    message: text(MAX_MESSAGE),
    author: signature,
    committer: signature,
  }),
  author: commitSchema.shape.author,
});
export type RawFullCommit = z.output<typeof fullCommitSchema>;

/** One page; what is left out of it is told by the counts. */
export const commitsPageSchema = z.object({
  ahead_by: count,
  behind_by: count,
  commits: list(fullCommitSchema, 1000),
});

const branch = z.object({ ref: text(500) });

const closedPullSchema = z.object({
  number,
  title: text(500),
  body: optional(text(MAX_BODY)),
  user: person,
  html_url: optional(text(2000)),
  base: branch,
  head: branch,
  labels,
  merge_commit_sha: optional(sha),
  created_at: time,
  merged_at: optional(time),
  updated_at: time,
});
export type RawPull = z.output<typeof closedPullSchema>;
export const pullsPageSchema = z.array(closedPullSchema).max(1000);

export const pullCommitsPageSchema = z.array(fullCommitSchema).max(1000);

export const reviewsPageSchema = z
  .array(z.object({ user: person, submitted_at: maybeTime }))
  .max(1000);

const fileSchema = z.object({
  filename: text(1000),
  previous_filename: optional(text(1000)),
});
export type RawFile = z.output<typeof fileSchema>;
export const filesPageSchema = z.array(fileSchema).max(MAX_FILES);
/** A commit without its files says nothing of them. */
export const commitFilesSchema = z.object({ files: filesPageSchema });

const issueSchema = z.object({
  number,
  title: text(500),
  body: optional(text(MAX_BODY)),
  html_url: optional(text(2000)),
  labels,
  created_at: time,
  closed_at: optional(time),
  updated_at: time,
  /** There: the issue is a pull request. */
  pull_request: optional(z.unknown()),
});
export type RawIssue = z.output<typeof issueSchema>;
export const issuesPageSchema = z.array(issueSchema).max(1000);

/** What an event of a pull request says; all else of it is asked for. */
export const pullEventSchema = z.object({
  pull_request: z.object({ number, merged_at: maybeTime }),
});
export const issueEventSchema = z.object({
  action: text(60),
  issue: z.object({ number }),
});
