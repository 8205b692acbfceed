import {
  isAccountId,
  isEnvironmentName,
  isRegion,
  isServiceName,
  planRoleVariable,
  TEMPLATES,
  tooLongRoles,
  WORKER,
  type EnvironmentPlace,
} from '../naming/names';
import { serviceUrl } from '../naming/variables';
import type { PlanInput } from './PlanInput';

const CLUSTER = /^[A-Za-z0-9_-]{1,255}$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/[\w/-]+$/;
const LONGEST_SHOWN = 60;

/** What somebody typed, short and on one line. */
function shown(value: string): string {
  const plain = value.replace(/[^\x20-\x7e\u00a1-\uffff]/g, '?');
  return plain.length > LONGEST_SHOWN
    ? `${plain.slice(0, LONGEST_SHOWN)}…`
    : plain;
}

function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/**
 * What is wrong with the values alone; a sentence each.
 *
 * @param repo - name of the repository, without its owner
 */
export function checkForm(input: PlanInput, repo: string): string[] {
  return [
    ...checkName(input),
    ...checkRepositoryName(input, repo),
    ...(TEMPLATES.includes(input.template)
      ? []
      : [`“${shown(input.template)}” is no template of Delivery.`]),
    ...checkEnvironments(input),
    ...checkRegistry(input),
    ...checkServiceUrl(input),
    ...checkProof(input),
  ];
}

function checkName({ name, environments }: PlanInput): string[] {
  if (!isServiceName(name)) {
    return [
      `The name “${shown(
        name,
      )}” cannot be used: take 3 to 40 characters, lower-case letters a–z, digits and “-”, beginning with a letter and not ending with “-”.`,
    ];
  }
  const roles = tooLongRoles(
    name,
    environments.map(environment => environment.name),
  );
  return roles.map(
    role =>
      `The name “${name}” is too long: the role ${shown(
        role,
      )} would have more than 64 characters.`,
  );
}

/** Image repositories, roles and concurrency groups are called like the service, and found by the name of the repository. */
function checkRepositoryName({ name }: PlanInput, repo: string): string[] {
  return !isServiceName(name) || repo === name
    ? []
    : [
        `The repository “${shown(
          repo,
        )}” must be called like the service, “${name}”: images, roles and deployments are found by that name.`,
      ];
}

function checkEnvironments({
  environments,
  infrastructure,
}: PlanInput): string[] {
  if (environments.length === 0) {
    return [
      'There is no environment: the configuration delivery.environmentSets has none for this template.',
    ];
  }
  const names = environments.map(({ name }) => name);
  const twice = duplicates(names);
  const clashes = infrastructure
    ? duplicates(names.map(planRoleVariable)).filter(() => twice.length === 0)
    : [];
  return [
    ...twice.map(name => `The environment “${shown(name)}” is there twice.`),
    ...clashes.map(
      name => `Two environments would share the variable ${shown(name)}.`,
    ),
    ...environments.flatMap(checkEnvironment),
  ];
}

function checkEnvironment(environment: EnvironmentPlace): string[] {
  const { name, accountId, region, cluster } = environment;
  const at = `Environment “${shown(name)}”:`;
  return [
    ...(isEnvironmentName(name)
      ? []
      : [
          `${at} the name needs lower-case letters, digits and “-” only (at most 31), and must not begin with “infra-”.`,
        ]),
    ...(isAccountId(accountId)
      ? []
      : [`${at} “${shown(accountId)}” is no AWS account id (12 digits).`]),
    ...(isRegion(region) ? [] : [`${at} “${shown(region)}” is no AWS region.`]),
    ...(CLUSTER.test(cluster)
      ? []
      : [`${at} “${shown(cluster)}” is no name of an ECS cluster.`]),
  ];
}

function checkRegistry({ registry }: PlanInput): string[] {
  const at = 'Configuration delivery.templates.registry:';
  return [
    ...(isAccountId(registry.accountId)
      ? []
      : [`${at} “${shown(registry.accountId)}” is no AWS account id.`]),
    ...(isRegion(registry.region)
      ? []
      : [`${at} “${shown(registry.region)}” is no AWS region.`]),
  ];
}

function checkServiceUrl({
  template,
  name,
  serviceUrl: pattern,
  environments,
}: PlanInput): string[] {
  if (template === WORKER) return [];
  const isAddress = environments.every(environment => {
    const url = serviceUrl(pattern, name, environment.name);
    return (
      /^https?:\/\/[^\s{}]+$/.test(url) &&
      URL.canParse(url) &&
      new URL(url).username === ''
    );
  });
  return isAddress && !pattern.endsWith('/')
    ? []
    : [
        `Configuration delivery.templates.serviceUrl: “${shown(
          pattern,
        )}” gives no address; it looks like https://{name}.{environment}.acme.example.`,
      ];
}

function checkProof({ imageProof, signingKey }: PlanInput): string[] {
  if (imageProof !== 'signature' && imageProof !== 'attestation') {
    return [
      `Configuration delivery.templates.imageProof: “${shown(
        imageProof,
      )}” is neither attestation nor signature.`,
    ];
  }
  if (imageProof === 'signature' && !signingKey) {
    return [
      'Configuration delivery.templates.signingKey: images are proven by signature, so the ARN of a KMS key is needed.',
    ];
  }
  return signingKey && !KEY_ARN.test(signingKey)
    ? [
        `Configuration delivery.templates.signingKey: “${shown(
          signingKey,
        )}” is no ARN of a KMS key.`,
      ]
    : [];
}
