import { z } from 'zod';

/**
 * What we read of AWS's answers, as the SDK gives them. Anything may be missing, more may be there, and a value of the wrong type reads
 * as missing wherever the thing still makes sense without it. Texts are cut and freed of characters that hide or reorder others: they
 * are shown, never computed with.
 */

/** Control and format characters (zero width, direction); line ends become spaces first, so that words do not grow together. */
export function cleanText(value: string, max: number): string {
  return value
    .slice(0, max * 2)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .slice(0, max);
}

function text(max: number) {
  return z.string().transform(value => cleanText(value, max));
}

/** A text that is compared or asked for again: cleaned, it would be another one. */
function exact(max: number) {
  return z
    .string()
    .max(max)
    .refine(value => !/[\p{Cc}\p{Cf}]/u.test(value), 'has control characters');
}

/** Absent when it is missing or of the wrong type. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema
    .nullish()
    .transform(value => value ?? undefined)
    .catch(undefined);
}

/** A list that is cut before its items are looked at; items that make no sense are left out. */
export function list<T extends z.ZodType>(item: T, max: number) {
  return z
    .unknown()
    .optional()
    .transform((items): z.output<T>[] =>
      (Array.isArray(items) ? items.slice(0, max) : []).flatMap(one => {
        const parsed = item.safeParse(one);
        return parsed.success ? [parsed.data] : [];
      }),
    );
}

const count = z.number().int().min(0).max(1_000_000);
const counted = z
  .unknown()
  .optional()
  .transform(value => value ?? 0)
  .pipe(count);
const time = z
  .union([z.date(), z.string(), z.number()])
  .transform((value, context) => {
    const at = new Date(value).getTime();
    if (Number.isFinite(at)) return at;
    context.addIssue({ code: 'custom', message: 'is not a time' });
    return z.NEVER;
  });
const arn = z
  .string()
  .max(2048)
  .regex(/^arn:[\w-]{1,20}:[\w+=,.@:/*#?-]+$/, 'is not an ARN');
const word = text(60);
const reason = text(1000);
const name = text(255);
const alarmName = exact(255);
const percent = z.number().min(0).max(100);
const flag = z.boolean();

const tags = list(
  z.object({ key: exact(128), value: exact(256) }),
  100,
).transform(all => Object.fromEntries(all.map(tag => [tag.key, tag.value])));

const loadBalancers = list(
  z.object({
    targetGroupArn: maybe(arn),
    advancedConfiguration: maybe(
      z.object({
        alternateTargetGroupArn: maybe(arn),
        productionListenerRule: maybe(arn),
      }),
    ),
  }),
  20,
);
export type RawLoadBalancers = z.output<typeof loadBalancers>;

const serviceDeployment = z.object({
  id: text(100),
  status: maybe(word),
  taskDefinition: maybe(arn),
  desiredCount: counted,
  pendingCount: counted,
  runningCount: counted,
  failedTasks: counted,
  createdAt: maybe(time),
  updatedAt: maybe(time),
  rolloutState: maybe(word),
  rolloutStateReason: maybe(reason),
});

const taskSet = z.object({
  id: text(100),
  status: maybe(word),
  taskDefinition: maybe(arn),
  computedDesiredCount: counted,
  pendingCount: counted,
  runningCount: counted,
  createdAt: maybe(time),
  updatedAt: maybe(time),
  loadBalancers,
});

export const serviceSchema = z.object({
  serviceArn: arn,
  serviceName: exact(255),
  status: maybe(word),
  desiredCount: counted,
  runningCount: counted,
  pendingCount: counted,
  taskDefinition: maybe(arn),
  deploymentController: maybe(z.object({ type: word })),
  deploymentConfiguration: maybe(
    z.object({
      strategy: maybe(word),
      deploymentCircuitBreaker: maybe(
        z.object({ enable: flag, rollback: maybe(flag) }),
      ),
      alarms: maybe(
        z.object({ enable: maybe(flag), alarmNames: list(alarmName, 50) }),
      ),
    }),
  ),
  deployments: list(serviceDeployment, 50),
  taskSets: list(taskSet, 20),
  events: list(
    z.object({ id: text(100), createdAt: time, message: reason }),
    100,
  ),
  currentServiceDeployment: maybe(arn),
  currentServiceRevisions: list(
    z.object({
      arn,
      requestedTaskCount: counted,
      runningTaskCount: counted,
      pendingTaskCount: counted,
    }),
    20,
  ),
  loadBalancers,
  tags,
});
export type RawService = z.output<typeof serviceSchema>;

export const failureSchema = z.object({
  arn: maybe(text(2048)),
  reason: maybe(word),
});

const revisionSummary = z.object({
  arn,
  requestedTaskCount: counted,
  runningTaskCount: counted,
  pendingTaskCount: counted,
  requestedTestTrafficWeight: maybe(percent),
  requestedProductionTrafficWeight: maybe(percent),
});
export type RawRevisionSummary = z.output<typeof revisionSummary>;

export const deploymentSchema = z.object({
  serviceDeploymentArn: arn,
  serviceArn: arn,
  clusterArn: maybe(arn),
  createdAt: time,
  startedAt: maybe(time),
  finishedAt: maybe(time),
  stoppedAt: maybe(time),
  status: maybe(word),
  statusReason: maybe(reason),
  lifecycleStage: maybe(word),
  sourceServiceRevisions: list(revisionSummary, 20),
  targetServiceRevision: maybe(revisionSummary),
  rollback: maybe(
    z.object({
      reason: maybe(reason),
      startedAt: maybe(time),
      serviceRevisionArn: maybe(arn),
    }),
  ),
  deploymentCircuitBreaker: maybe(
    z.object({
      status: maybe(word),
      failureCount: counted,
      threshold: counted,
    }),
  ),
  alarms: maybe(
    z.object({
      status: maybe(word),
      alarmNames: list(alarmName, 50),
      triggeredAlarmNames: list(alarmName, 50),
    }),
  ),
  lifecycleHookDetails: list(
    z.object({
      hookId: maybe(text(200)),
      targetType: maybe(word),
      status: maybe(word),
      expiresAt: maybe(time),
    }),
    50,
  ),
});
export type RawDeployment = z.output<typeof deploymentSchema>;

export const deploymentBriefSchema = z.object({
  serviceDeploymentArn: arn,
  createdAt: maybe(time),
});

export const revisionSchema = z.object({
  serviceRevisionArn: arn,
  serviceArn: arn,
  clusterArn: maybe(arn),
  taskDefinition: maybe(arn),
  createdAt: maybe(time),
  containerImages: list(
    z.object({
      containerName: name,
      image: text(1000),
      imageDigest: maybe(text(200)),
    }),
    50,
  ),
  loadBalancers,
  resolvedConfiguration: maybe(
    z.object({ loadBalancers: list(z.object({ targetGroupArn: arn }), 20) }),
  ),
});
export type RawRevision = z.output<typeof revisionSchema>;

export const alarmSchema = z.object({
  AlarmName: alarmName,
  StateValue: maybe(word),
  StateReason: maybe(reason),
  StateUpdatedTimestamp: maybe(time),
});
export type RawAlarm = z.output<typeof alarmSchema>;

export const imageSchema = z.object({
  imageDigest: exact(200),
  imageTags: list(exact(300), 200),
  imagePushedAt: maybe(time),
});

export const driftSchema = z.object({
  DriftInformation: maybe(
    z.object({
      StackDriftStatus: maybe(word),
      LastCheckTimestamp: maybe(time),
    }),
  ),
});

export { arn, count, maybe, name, reason, text, time, word };
