import { AwsPlace } from '../records';

const MEMBERS = [
  'serviceDeploymentArn',
  'RoleArn',
  'TargetGroupArn',
  'resourceArn',
];

const textOf = (input: object, name: string): string | undefined => {
  const value = new Map<string, unknown>(Object.entries(input)).get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** ARN of what a call is about, for the sentence of AccessDenied; `*` when the call is not about one thing. */
export function resourceOf(input: unknown, place: AwsPlace): string {
  if (typeof input !== 'object' || input === null) return '*';
  for (const member of MEMBERS) {
    const arn = textOf(input, member);
    if (arn) return arn;
  }
  const service = textOf(input, 'service');
  if (!service) return '*';
  if (service.startsWith('arn:')) return service;
  const cluster = (textOf(input, 'cluster') ?? 'default').split('/').at(-1);
  return `arn:aws:ecs:${place.region}:${place.accountId}:service/${cluster}/${service}`;
}
