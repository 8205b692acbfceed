import { z } from 'zod';
import { CONCLUSIONS, STATUSES } from '../model';

/** An unknown word of a newer server reads as `unknown` instead of failing (rolling upgrades). */
export const status = z.enum(STATUSES).catch('unknown');
export const conclusion = z.enum(CONCLUSIONS).catch('unknown');

/** Epoch milliseconds, UTC. */
export const time = z.number().int();
/** Milliseconds. */
export const duration = z.number().nonnegative();

export const stateShape = {
  status,
  conclusion: conclusion.optional(),
  rawStatus: z.string(),
  rawConclusion: z.string().optional(),
};

/** Why something is not shown, or not as it should be: a sentence a person can act on. */
export const reason = z.object({ code: z.string(), message: z.string() });
export const problem = z.object({
  code: z.string(),
  message: z.string(),
  at: time,
});

export const entityParams = z.object({
  kind: z.string().min(1).max(63),
  namespace: z.string().min(1).max(63),
  name: z.string().min(1).max(63),
});
