import { ConfigReader, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import {
  DEFAULT_POLICY,
  type FreezeWindow,
  type GatePolicy,
} from 'backstage-plugin-delivery-common/domain';
import { z } from 'zod';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MINUTES_OF_DAY = 24 * 60;

const duration = z.unknown().transform((value, context) => {
  try {
    const config = new ConfigReader({ value: value as string });
    const ms = durationToMilliseconds(
      readDurationFromConfig(config, { key: 'value' }),
    );
    if (ms > 0) return ms;
  } catch {
    // Falls through to the one sentence below.
  }
  context.addIssue({
    code: 'custom',
    message: "must be a duration above zero, for example '10m'",
  });
  return z.NEVER;
});

const moment = z.unknown().transform((value, context) => {
  const text = value instanceof Date ? value.toISOString() : String(value);
  const at =
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(
      text,
    )
      ? Date.parse(text)
      : NaN;
  if (Number.isFinite(at)) return at;
  context.addIssue({
    code: 'custom',
    message: "must be a moment with its zone, for example '2026-12-20T00:00Z'",
  });
  return z.NEVER;
});

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "must be a time of day, '18:00'")
  .transform(text => {
    const [hours, minutes] = text.split(':').map(Number);
    return (hours * 60 + minutes) % MINUTES_OF_DAY;
  });

/** IANA name. */
export const timeZone = z.string().refine(
  zone => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
    } catch {
      return false;
    }
  },
  { message: "must be a time zone, for example 'Europe/London'" },
);

const freeze: z.ZodType<FreezeWindow> = z.union([
  z.strictObject({ name: z.string().min(1), from: moment, until: moment }),
  z
    .strictObject({
      name: z.string().min(1),
      days: z.array(z.enum(DAYS)).min(1, 'must not be empty'),
      from: clock,
      until: clock,
      timeZone,
    })
    .transform(({ days, ...rest }) => ({
      ...rest,
      days: days.map(day => DAYS.indexOf(day)),
    })),
]);

/** `policy` of an environment: what the portal asks on top of the vendor's gate. */
export const policySchema: z.ZodType<GatePolicy> = z
  .strictObject({
    adminBypass: z.enum(['warn', 'deny']).optional(),
    authors: z.enum(['range', 'head', 'off']).optional(),
    unknownAuthors: z.enum(['warn', 'refuse']).optional(),
    soak: z
      .strictObject({ environment: z.string().min(1), duration })
      .optional(),
    requiredChecks: z.array(z.string().min(1)).optional(),
    freezes: z.array(freeze).optional(),
    rollbackWorkflow: z
      .string()
      .regex(
        /^[\w.-]+\.ya?ml$/,
        'must be the name of a workflow file, for example rollback.yml',
      )
      .optional(),
  })
  .transform(({ soak, ...rest }) => ({
    ...DEFAULT_POLICY,
    ...Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== undefined),
    ),
    ...(soak && {
      soak: { environment: soak.environment, ms: soak.duration },
    }),
  }));
