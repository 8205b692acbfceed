import { z } from 'zod';
import { commitSchema, environmentSchema } from './environments';
import { problem, time } from './shapes';

export const BOUNDARIES = [
  'container',
  'task',
  'service',
  'target',
  'balancer',
  'queue',
  'unknown',
] as const;

export const boundarySchema = z.object({
  boundary: z.enum(BOUNDARIES).catch('unknown'),
  /** `not_reached`: behind the first red one; `absent`: this service has none. */
  state: z
    .enum([
      'healthy',
      'unhealthy',
      'waiting',
      'unknown',
      'not_reached',
      'absent',
    ])
    .catch('unknown'),
  /** `3 of 3 healthy`. */
  summary: z.string(),
  /** Of the first red one. */
  cause: z.string().optional(),
  advice: z.string().optional(),
  /** What was read, for people who want to see it. */
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
});

export const chainSchema = z.object({
  role: z.enum(['current', 'new', 'old', 'unknown']).catch('unknown'),
  commit: commitSchema.optional(),
  traffic: z.number().optional(),
  boundaries: z.array(boundarySchema),
});

export const environmentDetailSchema = z.object({
  environment: environmentSchema,
  chains: z.array(chainSchema),
  /** Containers of what runs. */
  images: z.array(
    z.object({
      container: z.string(),
      uri: z.string(),
      digest: z.string().optional(),
    }),
  ),
  taskDefinition: z
    .object({
      arn: z.string(),
      status: z.string(),
      registeredBy: z.string().optional(),
      registeredAt: time.optional(),
    })
    .optional(),
  alarms: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      reason: z.string().optional(),
      at: time.optional(),
    }),
  ),
  metrics: z.array(
    z.object({
      name: z.string(),
      unit: z.string(),
      value: z.number().optional(),
    }),
  ),
  /** The last stopped tasks by their reason. */
  stoppedTasks: z.array(
    z.object({ reason: z.string(), count: z.number().int(), at: time }),
  ),
  /** Parts of the health that could not be read. */
  problems: z.array(problem.extend({ part: z.string() })),
  healthAsOf: time.optional(),
  signalKey: z.string(),
  asOf: time,
});

/** @public */
export type EnvironmentDetail = z.infer<typeof environmentDetailSchema>;
/** @public */
export type HealthChain = z.infer<typeof chainSchema>;
/** @public */
export type HealthBoundary = z.infer<typeof boundarySchema>;
