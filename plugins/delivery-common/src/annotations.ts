import type { Entity } from '@backstage/catalog-model';

/** `owner/name` of the repository the service is made in. @public */
export const ANNOTATION_PROJECT_SLUG = 'github.com/project-slug';

/** Comma list of workflow file names that belong to this service; absent: all of the repository. @public */
export const ANNOTATION_WORKFLOWS = 'github.com/workflows';

/** Comma list of globs: the part of a monorepo that belongs to this service. @public */
export const ANNOTATION_PATHS = 'delivery.platform/paths';

/** Picks an environment set of the configuration. @public */
export const ANNOTATION_ENVIRONMENT_SET = 'delivery.platform/environment-set';

/** The template a service was made from, with its version: `node-ecs-service@1.0.0`. @public */
export const ANNOTATION_TEMPLATE = 'delivery.platform/template';

/** Comma list of ARNs of ECS services, one an environment. @public */
export const ANNOTATION_ECS_SERVICE_ARN =
  'aws.amazon.com/amazon-ecs-service-arn';

/** Comma list `key=value` of tags that the service's ECS services carry. @public */
export const ANNOTATION_ECS_SERVICE_TAGS =
  'aws.amazon.com/amazon-ecs-service-tags';

/** Tag of an ECS service that says whose it is, unless the portal's configuration names another one. @public */
export const DEFAULT_ENTITY_TAG = 'delivery.platform/entity';

/**
 * True when the entity says where its pipeline is; the tab and the card appear only then.
 * @public
 */
export function isDeliveryAvailable(entity: Entity): boolean {
  return Boolean(entity.metadata.annotations?.[ANNOTATION_PROJECT_SLUG]);
}

/** Splits a comma list, without blanks and empty parts. @public */
export function splitList(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(part => part.length > 0);
}
