import { InputError } from '@backstage/errors';
import type { RawEvent, RuntimeHint } from 'backstage-plugin-delivery-node';
import { z } from 'zod';
import {
  clusterOfArn,
  isAccount,
  isName,
  isRegion,
  parseServiceArn,
} from './places';

/** What is common to all bodies of EventBridge. */
const envelopeSchema = z.object({
  'detail-type': z.string().max(200),
  source: z.string().max(200),
  account: z.string().refine(isAccount, 'is no account'),
  region: z.string().refine(isRegion, 'is no region'),
  resources: z.array(z.string().max(2048)).max(1000).default([]),
});
type Envelope = z.output<typeof envelopeSchema>;

const arn = z.string().max(2048);
const details = {
  service: z.object({ clusterArn: arn.optional() }),
  task: z.object({ clusterArn: arn, group: z.string().max(300).optional() }),
  hook: z.object({ clusterArn: arn.optional(), serviceArn: arn }),
};

function check<T extends z.ZodType>(
  schema: T,
  value: unknown,
  what: string,
): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [what, ...issue.path].join('.');
  throw new InputError(`${path}: ${issue.message}`.slice(0, 500));
}

function hintOfService(
  { account, region, 'detail-type': type }: Envelope,
  serviceArn: string | undefined,
  clusterArn: string | undefined,
): RuntimeHint {
  const place = { accountId: account, region };
  const service = serviceArn ? parseServiceArn(serviceArn) : undefined;
  if (!service) throw new InputError(`${type}: names no service`);
  if (service.accountId !== account || service.region !== region) {
    throw new InputError(`${type}: the service is of another place`);
  }
  const cluster = service.cluster ?? clusterOfArn(clusterArn);
  return cluster ? { ...place, cluster, service: service.service } : place;
}

/**
 * What an event of Amazon ECS or CloudWatch, as EventBridge delivers it, says should be read now.
 *
 * @throws `InputError` for a body that does not have the shape of its event
 */
export function parseEcsEvent(event: RawEvent): RuntimeHint[] {
  const { payload } = event;
  const envelope = check(envelopeSchema, payload, 'event');
  const { 'detail-type': type, source, resources } = envelope;
  const { detail } = payload as { detail?: unknown };
  const place = { accountId: envelope.account, region: envelope.region };
  if (source === 'aws.cloudwatch') {
    return type === 'CloudWatch Alarm State Change' ? [place] : [];
  }
  if (source !== 'aws.ecs') return [];
  switch (type) {
    case 'ECS Deployment State Change':
    case 'ECS Service Action': {
      const { clusterArn } = check(details.service, detail, type);
      return [hintOfService(envelope, resources[0], clusterArn)];
    }
    case 'ECS Hook State Change': {
      const { clusterArn, serviceArn } = check(details.hook, detail, type);
      return [hintOfService(envelope, serviceArn, clusterArn)];
    }
    case 'ECS Task State Change': {
      const { clusterArn, group } = check(details.task, detail, type);
      const cluster = clusterOfArn(clusterArn);
      if (!cluster) throw new InputError(`${type}: names no cluster`);
      const service = /^service:(.+)$/.exec(group ?? '')?.[1];
      // A task of its own is no part of a service.
      if (service === undefined) return [];
      if (!isName(service)) throw new InputError(`${type}: names no service`);
      return [{ ...place, cluster, service }];
    }
    default:
      return [];
  }
}
