import { z } from 'zod';
import { TEMPLATE_IDS } from './templateIds';

const text = z.string().min(1, 'must not be empty');

const repository = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/,
    'must be a repository, for example acme/platform-workflows',
  );

const account = z
  .union([z.string(), z.number()])
  .transform(value => String(value).padStart(12, '0'))
  .pipe(
    z
      .string()
      .regex(
        /^\d{12}$/,
        "must be the twelve digits, in quotes: '111122223333'",
      ),
  );

const region = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region, for example eu-west-1');

const image = z
  .string()
  .regex(
    /^[^\s@]+@sha256:[0-9a-f]{64}$/,
    'must be pinned by its digest: <name>:<tag>@sha256:<64 hexadecimal digits>',
  );

/** What may stand under `delivery.templates`. Messages begin with `must`: they follow the key in the sentence. */
export const templatesSchema = z.strictObject({
  enabled: z
    .array(z.enum(TEMPLATE_IDS))
    .min(1, 'must name a template; leave it out for all of them')
    .default([...TEMPLATE_IDS]),
  templateOwner: text.default('unknown'),
  host: z
    .string()
    .regex(
      /^[A-Za-z0-9.-]+(:\d+)?$/,
      'must be a host of integrations.github, without https://',
    )
    .optional(),
  owners: z
    .array(
      z
        .string()
        .regex(
          /^[A-Za-z0-9][A-Za-z0-9-]*$/,
          'must be the name of an organisation',
        ),
    )
    .min(1, 'must name an organisation in which services are created'),
  workflows: z.strictObject({ repository, ref: text }).optional(),
  onboarding: z
    .strictObject({
      repository,
      workflow: z
        .string()
        .regex(/^[\w.-]+\.ya?ml$/, 'must be the file name of a workflow')
        .default('onboard-service.yml'),
      ref: text.default('main'),
    })
    .optional(),
  registry: z.strictObject({ accountId: account, region }).optional(),
  serviceUrl: z
    .string()
    .regex(
      /^https?:\/\/[^\s'"]+[^\s'"/]$/,
      'must be an address without a slash at the end, for example https://{name}.{environment}.acme.example',
    )
    .optional(),
  environmentSets: z.record(z.string(), text).default({}),
  imageProof: z.enum(['attestation', 'signature']).default('signature'),
  signingKey: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]+$/,
      'must be the ARN of a KMS key',
    )
    .optional(),
  images: z.record(z.string(), image).default({}),
  slackChannel: text.optional(),
  datadogSite: z
    .string()
    .regex(/^[a-z0-9.-]+$/, 'must be a site, for example datadoghq.eu')
    .optional(),
});

export type TemplatesSettings = z.infer<typeof templatesSchema>;

/** What a template needs to know of an environment; everything else of it is the delivery backend's to read. */
export const environmentSchema = z.object({
  name: z
    .string()
    .regex(
      /^(?!infra-)[a-z]([a-z0-9-]{0,14}[a-z0-9])?$/,
      'must be at most 16 lower-case letters, digits and hyphens: it becomes part of the names of roles and jobs',
    ),
  tier: z
    .enum(['development', 'testing', 'staging', 'production', 'other'])
    .optional(),
  aws: z.object({
    accountId: account,
    region,
    cluster: z
      .string()
      .regex(
        /^[A-Za-z0-9_-]{1,255}$/,
        'must be the name of a cluster that is there already',
      ),
    service: z
      .literal('{name}', {
        error:
          "must be '{name}' or absent: services that templates create are called like their component",
      })
      .optional(),
  }),
});
