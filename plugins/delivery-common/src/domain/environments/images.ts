import type { RuntimeRevisionFact, TaskDefinitionFact } from '../../runtime';

/** Parts of `registry/name:tag@digest`. */
export interface ImageName {
  /** Registry and name. */
  repository: string;
  tag?: string;
  digest?: string;
}

/** Longest name of an image that is looked at. */
const MAX_NAME = 1_000;

/** Takes the name of an image apart; whatever it is, it gives something. */
export function parseImage(uri: string): ImageName {
  const [name, digest] = uri.slice(0, MAX_NAME).split('@');
  const colon = name.lastIndexOf(':');
  // A colon before the last slash is the port of the registry.
  const tagged = colon > name.lastIndexOf('/');
  return {
    repository: tagged ? name.slice(0, colon) : name,
    tag: tagged ? name.slice(colon + 1) : undefined,
    digest: digest || undefined,
  };
}

const ECR =
  /^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\//;

/** True when the registry is Amazon ECR, whose tags can be read. */
export function isEcr(repository: string): boolean {
  return ECR.test(repository);
}

/** What runs beside an application, by the last parts of the image's name. */
const SIDECAR_IMAGES = [
  /(?:^|[/-])fluent-?(?:bit|d)$/,
  /(?:^|[/-])(?:log-router|firelens|vector|promtail|logspout)$/,
  /(?:^|[/-])xray(?:-daemon)?$/,
  /(?:^|[/-])envoy$/,
  /(?:^|[/-])ecs-service-connect(?:-agent)?$/,
  /(?:^|\/)datadog[/-](?:agent|agent-dev|cluster-agent)$/,
  /(?:^|[/-])(?:otel|adot|opentelemetry)(?:-collector)?(?:-contrib)?$/,
  /(?:^|[/-])cloudwatch-agent$/,
  /(?:^|[/-])guardduty-agent(?:-fargate)?$/,
];
const SIDECAR_NAME =
  /^(?:log[_-]?router|xray-daemon|datadog-agent|ecs-service-connect(?:-.*)?|aws-guardduty-agent(?:-.*)?|aws-otel-collector)$/;

/** True for known log routers, tracers, proxies and agents. */
export function isSidecar(container: { name: string; image: string }): boolean {
  if (SIDECAR_NAME.test(container.name.slice(0, 255).toLowerCase()))
    return true;
  const { repository } = parseImage(container.image.toLowerCase());
  return SIDECAR_IMAGES.some(pattern => pattern.test(repository));
}

/** The container whose commit is the service's. */
export interface MainContainer {
  name: string;
  uri: string;
  /** What the runtime resolved the image to. */
  digest?: string;
  labels: Record<string, string>;
}

/** The container of that name; otherwise the first essential one that is no known sidecar. */
export function mainContainer(input: {
  revision?: RuntimeRevisionFact;
  taskDefinition?: TaskDefinitionFact;
  container?: string;
}): MainContainer | undefined {
  const images = input.revision?.images ?? [];
  const told = input.taskDefinition?.containers ?? [];
  const candidates =
    told.length > 0
      ? told
      : images.map(({ container: name, image }) => ({
          ...{ name, image, essential: true, labels: {} },
        }));
  const essential = candidates.filter(item => item.essential);
  const found =
    candidates.find(item => item.name === input.container) ??
    essential.find(item => !isSidecar(item)) ??
    candidates.find(item => !isSidecar(item)) ??
    candidates.at(0);
  if (!found) return undefined;
  const resolved = images.find(item => item.container === found.name);
  return {
    name: found.name,
    uri: resolved?.image ?? found.image,
    digest: resolved?.digest,
    labels: found.labels,
  };
}
