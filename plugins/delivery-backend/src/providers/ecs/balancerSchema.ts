import { z } from 'zod';
import {
  arn,
  count,
  list,
  maybe,
  name,
  reason,
  text,
  time,
  word,
} from './schema';

/** What we read of balancers and metrics; see `schema.ts`. */

export const targetGroupSchema = z.object({
  TargetGroupArn: arn,
  TargetGroupName: maybe(name),
  Port: maybe(count),
  HealthCheckPath: maybe(text(1024)),
  Matcher: maybe(
    z.object({ HttpCode: maybe(text(100)), GrpcCode: maybe(text(100)) }),
  ),
  HealthCheckIntervalSeconds: maybe(count),
  HealthyThresholdCount: maybe(count),
  LoadBalancerArns: list(arn, 20),
});
export type RawTargetGroup = z.output<typeof targetGroupSchema>;

export const targetHealthSchema = z.object({
  Target: z.object({ Id: text(255), Port: maybe(count) }),
  TargetHealth: maybe(
    z.object({
      State: maybe(word),
      Reason: maybe(word),
      Description: maybe(reason),
    }),
  ),
});
export type RawTargetHealth = z.output<typeof targetHealthSchema>;

export const balancerSchema = z.object({
  LoadBalancerArn: arn,
  LoadBalancerName: maybe(name),
  DNSName: maybe(name),
  State: maybe(z.object({ Code: maybe(word) })),
});
export type RawBalancer = z.output<typeof balancerSchema>;

export const listenerSchema = z.object({ ListenerArn: arn });

export const ruleSchema = z.object({
  RuleArn: arn,
  Actions: list(
    z.object({
      Type: maybe(word),
      TargetGroupArn: maybe(arn),
      ForwardConfig: maybe(
        z.object({
          TargetGroups: list(
            z.object({ TargetGroupArn: arn, Weight: maybe(count) }),
            20,
          ),
        }),
      ),
    }),
    10,
  ),
});
export type RawRule = z.output<typeof ruleSchema>;

export const metricSchema = z.object({
  Id: text(255),
  Timestamps: list(time, 100),
  Values: list(z.number(), 100),
});
