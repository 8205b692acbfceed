import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { InputError } from '@backstage/errors';
import type { JsonValue } from '@backstage/types';
import { addressOf } from '../github/person';
import { checkForm } from '../plan/checkForm';
import { checkPeople } from '../plan/checkPeople';
import { checkRepository } from '../plan/checkRepository';
import { makePlan, type Plan } from '../plan/makePlan';
import type { PlanInput } from '../plan/PlanInput';
import {
  catalogFor,
  openFor,
  repositoryInputs,
  type ActionOptions,
  type Zod,
} from './context';
import { examples } from './plan.examples';

const maybeText = (about: string) => (z: Zod) =>
  z.string().nullish().describe(about);

const plannedEnvironments = (z: Zod) =>
  z
    .array(
      z.object({
        name: z.string(),
        tier: z.string(),
        accountId: z.string(),
        region: z.string(),
        cluster: z.string(),
        approval: z.boolean(),
        reviewers: z.array(z.string()),
        branches: z.array(z.string()),
        variables: z.record(z.string()),
      }),
    )
    .describe('Input of `delivery:github:environment:ensure`, one each.');

/** Everything that is wrong at once, a line each. */
function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new InputError(
    `Nothing was made, because:\n${problems
      .map(problem => `- ${problem}`)
      .join('\n')}`,
  );
}

function summary(plan: Plan): string {
  return plan.environments
    .map(({ name, approval, accountId, region }) => {
      const gate = approval ? 'needs an approval' : 'no approval';
      return `- ${name}: ${accountId}, ${region}, ${gate}`;
    })
    .join('\n');
}

/** Checks everything before anything is made, and says what is to be made. */
export function createPlanAction(options: ActionOptions) {
  return createTemplateAction({
    id: 'delivery:plan',
    description:
      'Checks name, repository, owner, reviewers and environments of a new service before anything is made, and plans its environments and variables.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...repositoryInputs,
        template: z => z.string().describe('Id of the template.'),
        name: z => z.string().describe('Name of the service.'),
        owner: z => z.string().describe('Entity ref of a group.'),
        reviewers: z =>
          z
            .array(z.string())
            .describe('Entity refs of who approves production.'),
        environments: z =>
          z
            .array(
              z
                .object({
                  name: z.string(),
                  tier: z.string().nullish(),
                  accountId: z.string(),
                  region: z.string(),
                  cluster: z.string(),
                  approval: z.boolean().nullish(),
                })
                .catchall(z.custom<JsonValue>()),
            )
            .describe('Environments of the configuration, in order.'),
        infrastructure: z =>
          z
            .boolean()
            .optional()
            .describe('Adds `infra-<environment>` for each. Default: false.'),
        registry: z =>
          z
            .object({ accountId: z.string(), region: z.string() })
            .catchall(z.custom<JsonValue>())
            .describe('Where images are kept.'),
        serviceUrl: maybeText('Address with `{name}` and `{environment}`.'),
        imageProof: maybeText(
          'attestation or signature. Default: signature with a key, else attestation.',
        ),
        signingKey: maybeText('ARN of the KMS key that signs images.'),
        slackChannel: maybeText('Channel that is told of deployments.'),
        datadogSite: maybeText('Site that gets deployment markers.'),
      },
      output: {
        repositoryExists: z => z.boolean(),
        team: z =>
          z.string().optional().describe('`org/slug` of the owner’s team.'),
        creator: z => z.string().describe('GitHub login of the person.'),
        environments: plannedEnvironments,
        repositoryVariables: z => z.record(z.string()),
        onboardingEnvironments: z =>
          z
            .string()
            .describe('JSON of `[{name, accountId, region, cluster}]`.'),
      },
    },
    async handler(ctx) {
      const { input, logger } = ctx;
      const { slug, repo } = addressOf(input.repoUrl, options.integrations);
      const wanted = toPlanInput(input);
      const problems = checkForm(wanted, repo);
      if (ctx.isDryRun && !input.token) {
        refuse(problems);
        logger.info('Without a sign-in only the values were checked.');
        put(makePlan(wanted));
        ctx.output('repositoryExists', false);
        ctx.output('creator', 'you');
        return;
      }
      const access = await openFor(options, ctx, input);
      const view = await catalogFor(options, ctx);
      const found = await checkRepository(access, wanted);
      const isPrivate = found.repository?.isPrivate ?? true;
      const people = await checkPeople(access, view, wanted, isPrivate);
      refuse([...problems, ...found.problems, ...people.problems]);
      const plan = makePlan(wanted);
      logger.info(
        `${found.exists ? 'Going on with' : 'To be made:'} ${slug}\n${summary(
          plan,
        )}`,
      );
      put(plan);
      ctx.output('repositoryExists', found.exists);
      if (people.team) ctx.output('team', people.team);
      ctx.output('creator', access.person.login);

      function put(made: Plan) {
        ctx.output('environments', made.environments);
        ctx.output('repositoryVariables', made.repositoryVariables);
        ctx.output('onboardingEnvironments', made.onboardingEnvironments);
      }
    },
  });
}

type Given<T> = { [K in keyof T]?: T[K] | null };

function toPlanInput(
  input: Pick<
    PlanInput,
    'template' | 'name' | 'owner' | 'reviewers' | 'registry'
  > &
    Given<
      Pick<
        PlanInput,
        | 'infrastructure'
        | 'serviceUrl'
        | 'imageProof'
        | 'signingKey'
        | 'slackChannel'
        | 'datadogSite'
      >
    > & {
      environments: readonly {
        name: string;
        tier?: string | null;
        accountId: string;
        region: string;
        cluster: string;
        approval?: boolean | null;
      }[];
    },
): PlanInput {
  const { template, name, owner, reviewers, registry } = input;
  const signingKey = input.signingKey || undefined;
  return {
    ...{ template, name, owner, reviewers, registry, signingKey },
    environments: input.environments.map(environment => ({
      name: environment.name,
      tier: environment.tier ?? undefined,
      accountId: environment.accountId,
      region: environment.region,
      cluster: environment.cluster,
      approval: environment.approval ?? undefined,
    })),
    infrastructure: input.infrastructure ?? false,
    serviceUrl: input.serviceUrl ?? '',
    imageProof: input.imageProof || (signingKey ? 'signature' : 'attestation'),
    slackChannel: input.slackChannel || undefined,
    datadogSite: input.datadogSite || undefined,
  };
}
