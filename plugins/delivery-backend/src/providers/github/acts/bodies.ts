import { z } from 'zod';
import {
  count,
  deploymentSchema,
  deploymentStatusSchema,
  id,
  list,
  maybeTime,
  optional,
  sha,
  signature,
  text,
  time,
  word,
} from '../schema';
import { person } from './accounts';

const flag = optional(z.boolean());

/** `POST /applications/{client_id}/token` */
export const authorizationSchema = z.object({
  app: z.object({ client_id: text(200) }),
  user: person,
  expires_at: maybeTime,
});

const attempt = z.number().int().min(1).max(2_147_483_647);

export const gateRunSchema = z.object({
  id,
  head_sha: sha,
  status: optional(word),
  conclusion: optional(word),
  run_attempt: optional(attempt),
  actor: person,
  triggering_actor: person,
  created_at: time,
  repository: z.object({ id }),
});
export type RawGateRun = z.output<typeof gateRunSchema>;

export const gateDeploymentsSchema = list(
  deploymentSchema.extend({
    creator: person,
    repository_url: optional(text(2000)),
  }),
  100,
);
export const gateStatusesSchema = list(deploymentStatusSchema, 100);

/** A user, a team, or something of a later version. */
const reviewer = z.object({
  type: optional(text(40)),
  reviewer: optional(
    z.object({
      id,
      login: optional(text(100)),
      slug: optional(text(100)),
      node_id: optional(text(200)),
    }),
  ),
});
export type RawReviewer = z.output<typeof reviewer>;
const reviewers = list(reviewer, 100);
const minutes = optional(z.number().nonnegative().max(1_000_000));

export const pendingSchema = list(
  z.object({
    environment: z.object({ id, name: text(255) }),
    wait_timer: minutes,
    wait_timer_started_at: maybeTime,
    current_user_can_approve: flag,
    reviewers,
  }),
  1000,
);
export type RawPending = z.output<typeof pendingSchema>[number];

export const environmentSchema = z.object({
  id,
  name: text(255),
  // On the wire, though GitHub's description does not have it. Missing is not "off".
  can_admins_bypass: flag,
  protection_rules: list(
    z.object({
      type: optional(word),
      wait_timer: minutes,
      prevent_self_review: flag,
      reviewers,
    }),
    100,
  ),
});
export type RawEnvironment = z.output<typeof environmentSchema>;

export const environmentsSchema = z.object({
  environments: list(environmentSchema, 100),
});

const rangeCommit = z.object({
  sha,
  commit: z.object({
    // Trailers stand at the end, so nothing is cut before they are read.
    message: z.string(),
    author: signature,
    committer: signature,
  }),
  author: person,
  committer: person,
});
export type RawRangeCommit = z.output<typeof rangeCommit>;

export const rangePageSchema = z.object({
  ahead_by: count,
  behind_by: count,
  html_url: optional(text(2000)),
  commits: list(rangeCommit, 250),
  files: list(
    z.object({
      filename: text(1000),
      status: optional(word),
      additions: optional(count),
      deletions: optional(count),
    }),
    300,
  ),
});

export const pullSchema = z.object({
  number: count,
  title: optional(text(300)),
  user: person,
  merged_by: person,
  merge_commit_sha: optional(sha),
});
export const pullsOfCommitSchema = list(z.object({ number: count }), 100);

export const checksPageSchema = z.object({
  check_runs: list(
    z.object({
      name: text(500),
      status: optional(word),
      conclusion: optional(word),
      completed_at: maybeTime,
      html_url: optional(text(2000)),
    }),
    100,
  ),
});

export const decisionsSchema = list(
  z.object({
    environments: list(z.object({ id }), 100),
    state: optional(word),
    user: person,
    comment: optional(text(4000)),
  }),
  1000,
);

/** What a dispatch may give; anything else tells no run. */
export const dispatchSchema = z.object({
  workflow_run_id: id,
  html_url: optional(text(2000)),
});
