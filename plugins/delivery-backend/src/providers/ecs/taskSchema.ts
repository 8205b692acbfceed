import { z } from 'zod';
import {
  arn,
  cleanText,
  list,
  maybe,
  name,
  reason,
  text,
  time,
  word,
} from './schema';

/** What we read of tasks and their definitions; see `schema.ts`. */

const labels = z
  .unknown()
  .optional()
  .transform(raw => {
    const found = maybe(z.record(z.string(), z.unknown())).parse(raw) ?? {};
    return Object.fromEntries(
      Object.entries(found)
        .slice(0, 100)
        .flatMap(([key, value]) =>
          typeof value === 'string'
            ? [[cleanText(key, 255), cleanText(value, 500)]]
            : [],
        ),
    );
  });

export const taskDefinitionSchema = z.object({
  taskDefinitionArn: arn,
  status: maybe(word),
  registeredBy: maybe(arn),
  registeredAt: maybe(time),
  // Environment and secrets of containers are never read.
  containerDefinitions: list(
    z.object({
      name,
      image: text(1000),
      essential: maybe(z.boolean()),
      healthCheck: maybe(z.object({ command: z.array(z.unknown()).min(1) })),
      dockerLabels: labels,
    }),
    50,
  ),
});
export type RawTaskDefinition = z.output<typeof taskDefinitionSchema>;

export const taskSchema = z.object({
  taskArn: arn,
  taskDefinitionArn: maybe(arn),
  group: maybe(text(300)),
  startedBy: maybe(text(200)),
  healthStatus: maybe(word),
  lastStatus: maybe(word),
  desiredStatus: maybe(word),
  stopCode: maybe(word),
  stoppedReason: maybe(reason),
  startedAt: maybe(time),
  stoppedAt: maybe(time),
  attachments: list(
    z.object({
      type: maybe(word),
      details: list(z.object({ name: text(100), value: text(255) }), 30),
    }),
    10,
  ),
  containers: list(
    z.object({
      name,
      healthStatus: maybe(word),
      lastStatus: maybe(word),
      exitCode: maybe(z.number().int()),
      reason: maybe(reason),
      image: maybe(text(1000)),
      imageDigest: maybe(text(200)),
      networkInterfaces: list(
        z.object({ privateIpv4Address: maybe(text(60)) }),
        5,
      ),
    }),
    50,
  ),
});
export type RawTask = z.output<typeof taskSchema>;
