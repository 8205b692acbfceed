import { z } from 'zod';
import { doraSettingsSchema, TIERS } from '../../contract';
import { DEPLOYMENT_SOURCES, SOURCE_STATUSES } from './facts';
import { instantOf } from './instantOf';

const MAX_TEXT = 20_000;

/** Epoch milliseconds, or ISO 8601 with an offset. */
const time = z
  .union([
    z.number().describe('Epoch milliseconds, UTC'),
    z
      .string()
      .max(40)
      .describe('ISO 8601 with an offset: 2026-03-02T10:00:00Z'),
  ])
  .meta({ id: 'time' })
  .transform((told, context) => {
    const at = instantOf(told);
    if (at !== undefined) return at;
    context.addIssue({
      code: 'custom',
      message: 'is no time: give epoch milliseconds or ISO 8601 with an offset',
    });
    return z.NEVER;
  });
const id = z.string().min(1).max(1_000);
const text = z.string().max(MAX_TEXT);
const duration = z.number().nonnegative().describe('Milliseconds');
const shas = z.array(z.string().min(1).max(200));

export const deploymentSourceSchema = z.object({
  id,
  source: z.enum(DEPLOYMENT_SOURCES).catch('other'),
  service: id,
  environment: text.optional(),
  tier: z.enum(TIERS).optional().catch(undefined),
  group: id.optional(),
  sha: id.optional(),
  artifact: id.optional(),
  run: z
    .object({
      id,
      attempt: z.number().int().min(1).optional(),
      number: z.number().int().optional(),
      url: text.optional(),
    })
    .optional(),
  status: z.enum(SOURCE_STATUSES).catch('unknown'),
  touched: z.boolean().optional(),
  createdAt: time.optional(),
  startedAt: time.optional(),
  finishedAt: time.optional(),
  waitedMs: duration.optional(),
  title: text.optional(),
  actor: text.optional(),
  url: text.optional(),
  isRollback: z.boolean().optional(),
  runtimeRollback: z
    .object({
      ok: z.boolean(),
      startedAt: time.optional(),
      finishedAt: time.optional(),
      reason: text.optional(),
    })
    .optional(),
  checkFailed: z
    .object({
      at: time.optional(),
      name: text.optional(),
      url: text.optional(),
    })
    .optional(),
  putBack: z.object({ at: time.optional(), ok: z.boolean() }).optional(),
  commits: shas.optional(),
});

export const commitFactSchema = z.object({
  sha: id,
  parents: shas.optional(),
  authoredAt: time.optional(),
  committedAt: time.optional(),
  author: text.optional(),
  title: text.optional(),
  message: text.optional(),
  files: z.array(text).optional(),
});

export const commitSpanSchema = z.object({
  base: id,
  head: id,
  status: z.enum(['ahead', 'behind', 'diverged', 'identical']),
  shas,
  complete: z.boolean(),
});

export const changeFactSchema = z.object({
  id,
  kind: z.enum(['pull_request', 'commit']),
  services: z.array(id).optional(),
  number: z.number().int().optional(),
  title: text.optional(),
  author: text.optional(),
  isBot: z.boolean().optional(),
  url: text.optional(),
  mergeSha: id,
  branch: text.optional(),
  labels: z.array(text).optional(),
  commits: z
    .array(
      z.object({
        sha: id,
        authoredAt: time.optional(),
        committedAt: time.optional(),
      }),
    )
    .optional(),
  openedAt: time.optional(),
  firstReviewAt: time.optional(),
  mergedAt: time.optional(),
  files: z.array(text).optional(),
  reverts: z
    .object({
      shas: shas.optional(),
      numbers: z.array(z.number().int()).optional(),
    })
    .optional(),
  closes: z.array(id).optional(),
});

export const incidentFactSchema = z.object({
  id,
  service: id.optional(),
  number: z.number().int().optional(),
  title: text.optional(),
  url: text.optional(),
  startedAt: time.optional(),
  resolvedAt: time.optional(),
  names: z
    .object({
      shas: shas.optional(),
      numbers: z.array(z.number().int()).optional(),
      runIds: z.array(id).optional(),
      deploymentIds: z.array(id).optional(),
    })
    .optional(),
});

export const overrideFactSchema = z.object({
  deploymentId: id,
  verdict: z.enum(['failed', 'not_failed']),
  reason: text,
  by: text,
  at: time,
});

export const serviceFactSchema = z.object({
  service: id,
  paths: z.array(text).optional(),
  dataSince: time.optional(),
});

/** Plain JSON of `DoraFacts`. Lists that are absent are empty; without `services` those that are deployed are meant. */
export const doraFactsSchema = z.object({
  asOf: time,
  services: z.array(serviceFactSchema).optional(),
  deployments: z.array(deploymentSourceSchema).optional(),
  commits: z.array(commitFactSchema).optional(),
  spans: z.array(commitSpanSchema).optional(),
  changes: z.array(changeFactSchema).optional(),
  incidents: z.array(incidentFactSchema).optional(),
  overrides: z.array(overrideFactSchema).optional(),
});

/** What `yarn dora` reads: facts at the top; settings that differ from the defaults; a half-open window (absent: 90 days up to `asOf`). */
export const doraInputSchema = doraFactsSchema.extend({
  settings: doraSettingsSchema.optional(),
  window: z.object({ from: time, to: time }).optional(),
});

/** JSON Schema of what `yarn dora` reads: docs/dora-facts.schema.json. It is narrower than the reader, which takes words it does not know. */
export function doraInputJsonSchema(): unknown {
  return {
    title: 'Input of `yarn dora`',
    ...z.toJSONSchema(doraInputSchema, { io: 'input' }),
  };
}
