/** What a reason of the balancer means, and what to do. */
const ADVICE: Record<string, { cause: string; advice: string }> = {
  'target.timeout': {
    cause: 'The health check gets no answer in time.',
    advice:
      'Let the security group of the tasks accept the balancer on the container port, and check that the application listens there.',
  },
  'target.responsecodemismatch': {
    cause: 'The health check gets an answer with another status than expected.',
    advice:
      'Compare the path and the matcher of the target group with what the application answers.',
  },
  'target.failedhealthchecks': {
    cause: 'The health check failed, or the connection was refused.',
    advice:
      'Check port and path of the target group, and that the application answers on all addresses (0.0.0.0).',
  },
  'elb.initialhealthchecking': {
    cause: 'The first health checks are under way.',
    advice: 'Wait for interval × healthy threshold of the target group.',
  },
  'elb.registrationinprogress': {
    cause: 'The target is being registered.',
    advice: 'Wait a moment.',
  },
  'target.notinuse': {
    cause: 'No listener rule forwards to this target group.',
    advice:
      'Forward a listener rule to the target group, or name another target group in the service.',
  },
  'target.deregistrationinprogress': {
    cause: 'The target is leaving and finishes its connections.',
    advice: 'Wait for the deregistration delay of the target group.',
  },
  'target.healthcheckdisabled': {
    cause: 'Health checks of the target group are switched off.',
    advice: 'Switch them on: without them nobody knows whether it works.',
  },
  'elb.internalerror': {
    cause: 'The balancer had an error of its own.',
    advice: 'Wait, and look at the AWS Health Dashboard when it stays.',
  },
};

const OTHERWISE = {
  cause: 'The target is not healthy.',
  advice:
    'Tasks are well and targets are not: check security group, port and path of the target group.',
};

/** Cause and advice for a reason code of a target (`Target.Timeout`). */
export function targetAdvice(reason: string | undefined): {
  cause: string;
  advice: string;
} {
  const key = reason?.toLowerCase() ?? '';
  return Object.hasOwn(ADVICE, key) ? ADVICE[key] : OTHERWISE;
}
