import {
  type Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  ANNOTATION_ECS_SERVICE_ARN,
  ANNOTATION_ECS_SERVICE_TAGS,
  ANNOTATION_ENVIRONMENT_SET,
  splitList,
} from '../annotations';
import type { Tier } from '../contract';
import { parseRuntimeKey, runtimeKeyOf, type RuntimeRef } from '../runtime';
import type {
  ConfiguredAws,
  ConfiguredEnvironment,
  EnvironmentSet,
} from './environments/configured';

/** A service of a runtime that carries tags. */
export interface TaggedRuntime {
  runtimeKey: string;
  tags: Record<string, string>;
}

/** One environment of an entity, with the service of the runtime that is really its own. */
export interface OwnedEnvironment {
  environment: string;
  position: number;
  tier: Tier;
  match: string[];
  stacks: string[];
  onlyWhenSeen: boolean;
  runtimeKey?: string;
  /** Why there is none although somebody names one. */
  problem?: { code: string; message: string };
}

/** A setting of the portal: which sets there are, and which tag of the runtime is trusted. */
export interface RuntimeOwnership {
  /** The last one serves everyone else. */
  sets: EnvironmentSet[];
  entityTag: string;
  tagged: TaggedRuntime[];
}

const ARN =
  /^arn:aws[a-z-]*:ecs:([a-z0-9-]+):(\d{12}):service\/([A-Za-z0-9_-]+)\/([A-Za-z0-9_-]+)$/;

/**
 * The environments of an entity. Whose a service of a runtime is decides the portal's configuration (it names account, region, cluster
 * and service) or a tag on the service itself, which only the platform can write. What the entity's own text says of ARNs and tags may
 * choose among those, never add one: whoever writes a catalog-info.yaml must not see into somebody else's account.
 */
export function ownedEnvironments(
  entity: Entity,
  ownership: RuntimeOwnership,
): { set: string; environments: OwnedEnvironment[] } {
  const { set, problem } = chooseSet(entity, ownership.sets);
  return {
    set: set.name,
    environments: set.environments.map((environment, position) => ({
      environment: environment.name,
      position,
      tier: environment.tier,
      match: environment.match,
      stacks: environment.stacks.flatMap(
        stack => fillName(stack, entity) ?? [],
      ),
      onlyWhenSeen: set.onlyWhenSeen ?? false,
      ...(problem
        ? { problem }
        : runtimeOf(entity, set.name, environment, ownership)),
    })),
  };
}

/** What the portal's configuration says of one environment of an entity, beside where it runs. */
export function configuredEnvironmentOf(
  entity: Entity,
  sets: EnvironmentSet[],
  name: string,
): ConfiguredEnvironment | undefined {
  return chooseSet(entity, sets).set.environments.find(
    environment => environment.name === name,
  );
}

function chooseSet(
  entity: Entity,
  sets: EnvironmentSet[],
): { set: EnvironmentSet; problem?: { code: string; message: string } } {
  const otherwise = sets[sets.length - 1];
  const wanted =
    entity.metadata.annotations?.[ANNOTATION_ENVIRONMENT_SET]?.trim();
  if (!wanted) {
    const set = sets.find(item => item.appliesTo && applies(item, entity));
    return { set: set ?? otherwise };
  }
  const named = sets.find(item => item.name === wanted);
  if (named && (!named.appliesTo || applies(named, entity))) {
    return { set: named };
  }
  const names = sets
    .filter(item => !item.appliesTo || applies(item, entity))
    .map(item => item.name);
  return {
    set:
      sets.find(item => item.appliesTo && applies(item, entity)) ?? otherwise,
    problem: {
      code: 'environment_set_unknown',
      message: `The annotation ${ANNOTATION_ENVIRONMENT_SET} names a set that this service cannot have. Write one of ${names.join(
        ', ',
      )} there, or remove the line.`,
    },
  };
}

function applies(set: EnvironmentSet, entity: Entity): boolean {
  return Object.entries(set.appliesTo ?? {}).every(([path, wanted]) => {
    const found = valuesAt(entity, path).map(value => value.toLowerCase());
    return wanted.some(value => found.includes(value.toLowerCase()));
  });
}

/** Values at a path; a key of annotations or labels may itself hold dots. */
function valuesAt(entity: Entity, path: string): string[] {
  const walk = (value: unknown, rest: string): unknown[] => {
    if (rest === '') return [value];
    if (!value || typeof value !== 'object') return [];
    return Object.keys(value)
      .filter(key => rest === key || rest.startsWith(`${key}.`))
      .flatMap(key =>
        walk(
          (value as Record<string, unknown>)[key],
          rest.slice(key.length + 1),
        ),
      );
  };
  return walk(entity, path)
    .flat()
    .filter(value => value !== undefined && value !== null)
    .map(String);
}

/**
 * A name belongs to one entity only among the components of the default namespace; anybody could take it in another one, so there it
 * stands for nothing.
 */
function fillName(text: string, entity: Entity): string | undefined {
  if (!text.includes('{name}')) return text;
  const { name, namespace = 'default' } = entity.metadata;
  const unique = entity.kind.toLowerCase() === 'component';
  if (!unique || namespace.toLowerCase() !== 'default') return undefined;
  return text.replaceAll('{name}', name);
}

type Found = Pick<OwnedEnvironment, 'runtimeKey' | 'problem'>;

function runtimeOf(
  entity: Entity,
  setName: string,
  environment: ConfiguredEnvironment,
  ownership: RuntimeOwnership,
): Found {
  const named = namedServices(entity);
  if (named.problem) return { problem: named.problem };
  const { aws } = environment;
  if (!aws) return withoutAws(setName, environment, named.services);
  const cluster = fillName(aws.cluster, entity);
  const service = aws.service && fillName(aws.service, entity);
  if (cluster !== undefined && service !== undefined) {
    return {
      runtimeKey: runtimeKeyOf({ provider: 'ecs', ...aws, cluster, service }),
    };
  }
  return byTag(
    entity,
    { ...aws, cluster: cluster ?? aws.cluster },
    named,
    ownership,
  );
}

function withoutAws(
  setName: string,
  { name }: ConfiguredEnvironment,
  services: RuntimeRef[],
): Found {
  const [first] = services;
  if (!first) return {};
  const { accountId, region, cluster } = first;
  return {
    problem: {
      code: 'runtime_not_configured',
      message: `The annotation ${ANNOTATION_ECS_SERVICE_ARN} is not used here: the platform team has to say where ${name} runs, for example delivery.environmentSets.${setName}.environments[name=${name}].aws: { accountId: '${accountId}', region: ${region}, cluster: ${cluster} }.`,
    },
  };
}

function namedServices(entity: Entity): {
  services: RuntimeRef[];
  tags: [string, string][];
  problem?: { code: string; message: string };
} {
  const annotations = entity.metadata.annotations ?? {};
  const services: RuntimeRef[] = [];
  for (const text of splitList(annotations[ANNOTATION_ECS_SERVICE_ARN])) {
    const match = ARN.exec(text);
    if (!match) {
      return {
        ...{ services: [], tags: [] },
        problem: {
          code: 'annotation_invalid',
          message: `The annotation ${ANNOTATION_ECS_SERVICE_ARN} must hold ARNs of services, for example "${ANNOTATION_ECS_SERVICE_ARN}: arn:aws:ecs:eu-west-1:111122223333:service/my-cluster/${entity.metadata.name}".`,
        },
      };
    }
    const [, region, accountId, cluster, service] = match;
    services.push({ provider: 'ecs', region, accountId, cluster, service });
  }
  const tags: [string, string][] = [];
  for (const text of splitList(annotations[ANNOTATION_ECS_SERVICE_TAGS])) {
    const at = text.indexOf('=');
    if (at < 1) {
      return {
        ...{ services: [], tags: [] },
        problem: {
          code: 'annotation_invalid',
          message: `The annotation ${ANNOTATION_ECS_SERVICE_TAGS} must hold tags, for example "${ANNOTATION_ECS_SERVICE_TAGS}: component=${entity.metadata.name}".`,
        },
      };
    }
    tags.push([text.slice(0, at), text.slice(at + 1)]);
  }
  return { services, tags };
}

function byTag(
  entity: Entity,
  aws: ConfiguredAws,
  named: ReturnType<typeof namedServices>,
  { entityTag, tagged }: RuntimeOwnership,
): Found {
  const entityRef = stringifyEntityRef(entity);
  const inCluster = (ref: RuntimeRef) =>
    ref.accountId === aws.accountId &&
    ref.region === aws.region &&
    ref.cluster === aws.cluster;
  const asked = named.services.filter(inCluster);
  const own = tagged.filter(({ runtimeKey, tags }) => {
    const ref = parseRuntimeKey(runtimeKey);
    return (
      ref !== undefined &&
      inCluster(ref) &&
      refOf(tags[entityTag]) === entityRef &&
      named.tags.every(([key, value]) => tags[key] === value) &&
      (asked.length === 0 ||
        asked.some(each => runtimeKeyOf(each) === runtimeKey))
    );
  });
  const place = `cluster ${aws.cluster} (account ${aws.accountId}, ${aws.region})`;
  if (own.length === 1) return { runtimeKey: own[0].runtimeKey };
  if (own.length > 1) {
    return {
      problem: {
        code: 'runtime_ambiguous',
        message: `${own.length} ECS services in ${place} carry the tag ${entityTag}=${entityRef}. Name one with the annotation ${ANNOTATION_ECS_SERVICE_ARN}.`,
      },
    };
  }
  if (asked.length > 0) {
    return {
      problem: {
        code: 'foreign_runtime',
        message: `The ECS service ${asked[0].service} in ${place} does not say that it belongs to this service. The platform team puts the tag ${entityTag}=${entityRef} on it, or names it under delivery.environmentSets.`,
      },
    };
  }
  return {
    problem: {
      code: 'runtime_not_found',
      message: `No ECS service in ${place} carries the tag ${entityTag}=${entityRef}. Put that tag on it, or name the service under delivery.environmentSets.`,
    },
  };
}

function refOf(tag: string | undefined): string | undefined {
  if (!tag) return undefined;
  try {
    return stringifyEntityRef(
      parseEntityRef(tag, {
        defaultKind: 'component',
        defaultNamespace: 'default',
      }),
    );
  } catch {
    return undefined;
  }
}
