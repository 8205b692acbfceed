import type { AwsRecords } from '../../../aws/records';
import { ISSUER_HOST } from '../../oidc/claims';
import { StepFailed } from '../awsStep';

const KINDS = [
  'node-ecs-service',
  'python-ecs-service',
  'worker-cdk-service',
  'terraform-bluegreen-service',
] as const;

export type Kind = (typeof KINDS)[number];

export interface OnboardedEnvironment {
  name: string;
  accountId: string;
  region: string;
  cluster: string;
  strategy: 'ROLLING' | 'BLUE_GREEN';
}

/** What the dispatch of onboard-service.yml asks for, checked. */
export interface OnboardingPlan {
  service: string;
  kind: Kind;
  /** `component:default/<name>` */
  entity: string;
  /** `owner/name` */
  repository: string;
  repositoryId: string;
  ownerId: string;
  /** `repo:ORG@OID/REPO@RID` */
  subject: string;
  environments: OnboardedEnvironment[];
  /** `owner/name` of the reusable workflows, and the commits that callers may pin. */
  workflows: { repository: string; shas: string[] };
}

const NAME = /^[a-z][a-z0-9-]{1,38}[a-z0-9]$/;
const ENVIRONMENT = /^[a-z][a-z0-9-]{0,30}$/;
const SLUG = /^[\w-]+\/[\w.-]+$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

const text = (value: unknown) => (typeof value === 'string' ? value : '');

function checked(
  inputs: Record<string, string>,
  input: string,
  pattern: RegExp,
  what: string,
): string {
  const value = inputs[input] ?? '';
  if (!pattern.test(value)) {
    throw new StepFailed(
      `The input ${input} has to be ${what}, not "${value}".`,
    );
  }
  return value;
}

function readEnvironments(
  json: string,
  records: AwsRecords,
): OnboardedEnvironment[] {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch {
    list = null;
  }
  if (!Array.isArray(list) || list.length === 0) {
    throw new StepFailed(
      'The input environments has to be a list of environments as JSON, with at least one.',
    );
  }
  const read = list.map((raw: unknown): OnboardedEnvironment => {
    const item = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<
      string,
      unknown
    >;
    const name = text(item.name);
    const accountId = text(item.accountId);
    const region = text(item.region);
    const cluster = text(item.cluster);
    if (!ENVIRONMENT.test(name)) {
      throw new StepFailed(`"${name}" cannot be the name of an environment.`);
    }
    if (!records.accounts.some(({ id }) => id === accountId)) {
      throw new StepFailed(
        `The account ${accountId} of ${name} is not one of the organisation: nothing can be made there.`,
      );
    }
    if (!REGION.test(region)) {
      throw new StepFailed(`"${region}" of ${name} is no region of AWS.`);
    }
    if (!/^[\w-]{1,255}$/.test(cluster)) {
      throw new StepFailed(`"${cluster}" of ${name} cannot name a cluster.`);
    }
    const strategy = item.strategy === 'BLUE_GREEN' ? 'BLUE_GREEN' : 'ROLLING';
    return { name, accountId, region, cluster, strategy };
  });
  if (new Set(read.map(({ name }) => name)).size < read.length) {
    throw new StepFailed('Two environments have the same name.');
  }
  return read;
}

/**
 * Reads what was dispatched. Everything in it comes from a form, so nothing is taken as it is.
 * @throws StepFailed with a sentence for who reads the log
 */
export function readPlan(
  inputs: Record<string, string>,
  records: AwsRecords,
): OnboardingPlan {
  const service = checked(
    inputs,
    'service',
    NAME,
    '3 to 40 lower-case letters, digits and hyphens that begin with a letter',
  );
  const kind = KINDS.find(known => known === inputs.kind);
  if (!kind) {
    throw new StepFailed(
      `There is no kind of service "${inputs.kind ?? ''}". Known: ${KINDS.join(
        ', ',
      )}.`,
    );
  }
  const repository = checked(inputs, 'repository', SLUG, 'owner/name');
  const repositoryId = checked(inputs, 'repository-id', /^\d+$/, 'a number');
  const ownerId = checked(inputs, 'owner-id', /^\d+$/, 'a number');
  const [owner, name] = repository.split('/');
  if (name !== service) {
    throw new StepFailed(
      `The repository has to be named like the service, ${service}: roles and images are named after it.`,
    );
  }
  const subject = inputs.subject ?? '';
  const known = [
    `repo:${owner}@${ownerId}/${name}@${repositoryId}`,
    `repo:${owner}/${name}`,
  ];
  // A subject of somebody else's repository would open the roles to it.
  if (!known.includes(subject)) {
    throw new StepFailed(
      `The input subject has to be ${known.join(' or ')}, not "${subject}".`,
    );
  }
  return {
    service,
    kind,
    entity: checked(
      inputs,
      'entity',
      new RegExp(`^component:default/${service}$`),
      `component:default/${service}`,
    ),
    repository,
    repositoryId,
    ownerId,
    subject,
    environments: readEnvironments(inputs.environments ?? '', records),
    workflows: {
      repository: checked(inputs, 'workflows-repository', SLUG, 'owner/name'),
      shas: [
        checked(
          inputs,
          'workflows-sha',
          /^[0-9a-f]{40}$/,
          'the full sha of a commit',
        ),
      ],
    },
  };
}

/** Names of the ECS services, image repositories and components of a plan. */
export function partsOf({ kind, service }: OnboardingPlan): string[] {
  return kind === 'terraform-bluegreen-service'
    ? [`${service}-backend`, `${service}-frontend`]
    : [service];
}

/** Kinds that bring infrastructure of their own. */
export const hasInfrastructure = ({ kind }: OnboardingPlan) =>
  kind === 'worker-cdk-service' || kind === 'terraform-bluegreen-service';

/** Condition key of a claim. */
export const claim = (name: string) => `${ISSUER_HOST}:${name}`;
