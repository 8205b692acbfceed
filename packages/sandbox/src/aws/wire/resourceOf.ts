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

const clusterNameOf = (input: object) =>
  (textOf(input, 'cluster') ?? 'default').split('/').at(-1) ?? '';

const serviceArn = (input: object, service: string, place: AwsPlace) =>
  service.startsWith('arn:')
    ? service
    : `arn:aws:ecs:${place.region}:${place.accountId}:service/${clusterNameOf(
        input,
      )}/${service}`;

/** ARNs of what a call is about, as policies see them; `*` when the call is not about single things. */
export function resourcesOf(input: unknown, place: AwsPlace): string[] {
  if (typeof input !== 'object' || input === null) return ['*'];
  for (const member of MEMBERS) {
    const arn = textOf(input, member);
    if (arn) return [arn];
  }
  const service = textOf(input, 'service');
  if (service) return [serviceArn(input, service, place)];
  const services = 'services' in input ? input.services : undefined;
  if (Array.isArray(services) && services.length > 0) {
    return services.map(name => serviceArn(input, String(name), place));
  }
  return ['*'];
}

/** ARN of what a call is about, for the sentence of AccessDenied; `*` when the call is not about one thing. */
export function resourceOf(input: unknown, place: AwsPlace): string {
  const found = resourcesOf(input, place);
  return found.length === 1 ? found[0] : '*';
}

/** Values of the condition keys of a call that policies may ask for. */
export function contextOf(
  input: unknown,
  place: AwsPlace,
): Record<string, string> {
  if (typeof input !== 'object' || input === null || !('cluster' in input)) {
    return {};
  }
  const cluster = clusterNameOf(input);
  return {
    'ecs:cluster': `arn:aws:ecs:${place.region}:${place.accountId}:cluster/${cluster}`,
  };
}
