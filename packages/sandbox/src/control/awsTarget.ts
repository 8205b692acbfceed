import { AwsCloud, AwsError, ServiceName } from '../aws/cloud';
import { AccountRecord, ServiceRecord } from '../aws/records';
import { GitHubError, PlacesOf } from '../state';

export type Body = Record<string, unknown>;

export function text(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What the verbs about AWS work with. */
export interface AwsControl {
  cloud: AwsCloud;
  placesOf: PlacesOf;
}

/** A component's service in one environment. */
export interface ServiceTarget {
  component: string;
  environment: string;
  name: ServiceName;
  service: ServiceRecord;
}

/** `vaultex-api in production` */
export const spoken = ({ component, environment }: ServiceTarget) =>
  `${component} in ${environment}`;

/**
 * The service that a component runs as in an environment; production when none is named.
 * @throws GitHubError 404 that says what there is instead
 */
export function serviceTarget(aws: AwsControl, body: Body): ServiceTarget {
  const component = text(body, 'target') ?? '';
  const environment = text(body, 'environment') ?? 'production';
  const places = aws.placesOf(component);
  if (places.length === 0) {
    throw new GitHubError(
      404,
      `No component "${component}" runs on ECS. Give the name of a catalog component, for example vaultex-api.`,
    );
  }
  const place = places.find(item => item.environment === environment);
  if (!place) {
    throw new GitHubError(
      404,
      `${component} has no environment "${environment}". It runs in: ${places
        .map(item => item.environment)
        .join(', ')}.`,
    );
  }
  const { name } = place;
  try {
    const service = aws.cloud.service(name);
    return { component, environment, name, service };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new GitHubError(
      404,
      `The service of ${component} in ${environment} does not exist any more. "yarn sandbox reset" makes it anew.`,
    );
  }
}

/**
 * An account by its id or the name of its environment.
 * @throws GitHubError 404 that lists them
 */
export function accountOf(cloud: AwsCloud, wanted: unknown): AccountRecord {
  const { accounts } = cloud.records;
  const found = accounts.find(
    ({ id, name }) => wanted === id || wanted === name,
  );
  if (found) return found;
  const known = accounts.map(({ id, name }) => `${name} (${id})`).join(', ');
  throw new GitHubError(
    404,
    `No AWS account "${String(wanted)}". Accounts: ${known}.`,
  );
}
