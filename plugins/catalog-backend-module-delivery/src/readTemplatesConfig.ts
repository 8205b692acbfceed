import type { Config } from '@backstage/config';
import { readEnvironments, type FilledEnvironment } from './readEnvironments';
import {
  createsService,
  NEEDED_IMAGES,
  TEMPLATE_IDS,
  type TemplateId,
} from './templateIds';
import { templatesSchema, type TemplatesSettings } from './templatesSchema';
import { KEY, parse, wrong } from './wrongConfig';

/** A repository as the scaffolder's actions name it (`repoUrl`, `host?owner=o&repo=r`), with the pattern of what lies in it. */
interface NamedRepository {
  readonly repository: string;
  readonly repoUrl: string;
  readonly ref: string;
}

/** What stands for `{ $delivery: <key> }` in a template; `undefined` leaves the place out. */
export interface TemplateFill {
  readonly host: string;
  readonly owners: readonly string[];
  readonly templateOwner: string;
  readonly images: Readonly<Record<string, string>>;
  readonly imageProof: 'attestation' | 'signature';
  readonly signingKey?: string;
  readonly slackChannel?: string;
  readonly datadogSite?: string;
  readonly environmentSet?: string;
  readonly environments?: readonly FilledEnvironment[];
  readonly workflows?: NamedRepository & { readonly pattern: string };
  readonly onboarding?: NamedRepository & { readonly workflow: string };
  readonly registry?: { readonly accountId: string; readonly region: string };
  readonly serviceUrl?: string;
}

/** A template that is shown, with its values. */
export interface EnabledTemplate {
  readonly id: TemplateId;
  readonly fill: TemplateFill;
}

/**
 * Reads `delivery.templates`, with the environments of `delivery.environmentSets` that it names.
 *
 * @param config - the portal's whole configuration
 * @returns the templates to show in their order, or `undefined` when the key is absent
 * @throws `Error` with one sentence that names the key and what to write there
 */
export function readTemplatesConfig(
  config: Config,
): readonly EnabledTemplate[] | undefined {
  const written = config.getOptional(KEY);
  if (written === undefined) return undefined;
  const settings = parse(KEY, templatesSchema, written);
  checkSetNames(settings);
  return TEMPLATE_IDS.filter(id => settings.enabled.includes(id)).map(id => ({
    id,
    fill: fillOf(id, settings, config),
  }));
}

function checkSetNames({ environmentSets }: TemplatesSettings): void {
  const known: readonly string[] = [...TEMPLATE_IDS, 'default'];
  const unknown = Object.keys(environmentSets).find(
    name => !known.includes(name),
  );
  if (unknown !== undefined) {
    throw wrong(
      `${KEY}.environmentSets.${unknown}`,
      `must be default or one of ${TEMPLATE_IDS.join(', ')}`,
    );
  }
}

function fillOf(
  id: TemplateId,
  settings: TemplatesSettings,
  config: Config,
): TemplateFill {
  const host = settings.host ?? firstHost(config);
  checkImages(id, settings);
  const common = {
    host,
    owners: settings.owners,
    templateOwner: settings.templateOwner,
    images: settings.images,
    imageProof: settings.imageProof,
    signingKey: settings.signingKey,
    slackChannel: settings.slackChannel,
    datadogSite: settings.datadogSite,
  };
  if (!createsService(id)) return common;

  const { environmentSets, imageProof, signingKey, serviceUrl } = settings;
  const environmentSet = needed(
    environmentSets[id] ?? environmentSets.default,
    'environmentSets.default',
    `must name the set of delivery.environmentSets in which ${id} creates services`,
  );
  const workflows = needed(
    settings.workflows,
    'workflows',
    'must say where the organisation keeps its workflows: { repository: acme/platform-workflows, ref: v1.0.0 }',
  );
  const onboarding = needed(
    settings.onboarding,
    'onboarding',
    'must say which workflow makes the roles: { repository: acme/platform-workflows }',
  );
  if (imageProof === 'signature' && signingKey === undefined) {
    throw wrong(
      `${KEY}.signingKey`,
      'must be the ARN of the KMS key that images are signed with, or imageProof must be attestation',
    );
  }
  return {
    ...common,
    environmentSet,
    environments: readEnvironments(config, environmentSet),
    workflows: {
      ...named(host, workflows),
      pattern: `${workflows.repository}@*`,
    },
    onboarding: { ...named(host, onboarding), workflow: onboarding.workflow },
    registry: needed(
      settings.registry,
      'registry',
      "must say where images are kept: { accountId: '111122223333', region: eu-west-1 }",
    ),
    serviceUrl:
      id === 'worker-cdk-service'
        ? serviceUrl
        : needed(
            serviceUrl,
            'serviceUrl',
            'must be the address of services, for example https://{name}.{environment}.acme.example',
          ),
  };
}

function firstHost(config: Config): string {
  const [first] = config.getOptionalConfigArray('integrations.github') ?? [];
  return first?.getOptionalString('host') ?? 'github.com';
}

function checkImages(id: TemplateId, { images }: TemplatesSettings): void {
  for (const name of NEEDED_IMAGES[id]) {
    needed(
      images[name],
      `images.${name}`,
      `must be the image that ${id} needs, pinned by its digest`,
    );
  }
}

function needed<T>(value: T | undefined, path: string, what: string): T {
  if (value === undefined) throw wrong(`${KEY}.${path}`, what);
  return value;
}

function named(
  host: string,
  { repository, ref }: { readonly repository: string; readonly ref: string },
): NamedRepository {
  const [owner, repo] = repository.split('/');
  return { repository, ref, repoUrl: `${host}?owner=${owner}&repo=${repo}` };
}
