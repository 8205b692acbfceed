import type { Config } from '@backstage/config';
import type { Tier } from 'backstage-plugin-delivery-common';
import {
  DEFAULT_SET,
  type EnvironmentSet,
} from 'backstage-plugin-delivery-common/domain';
import { z } from 'zod';
import { policySchema } from './policyConfig';

const TIERS: [RegExp, Tier][] = [
  [/^(dev|development)/, 'development'],
  [/^(qa|test|uat)/, 'testing'],
  [/^(stag|stg|preprod)/, 'staging'],
  [/^(prod|live)/, 'production'],
];

const list = z.union([
  z.string().min(1, 'must not be empty'),
  z.array(z.string().min(1, 'must not be empty')).min(1, 'must not be empty'),
]);

const aws = z.strictObject({
  accountId: z
    .union([z.string(), z.number()])
    .transform(value => String(value).padStart(12, '0'))
    .pipe(
      z
        .string()
        .regex(
          /^\d{12}$/,
          "must be the twelve digits, in quotes: '111122223333'",
        ),
    ),
  region: z
    .string()
    .regex(
      /^[a-z]{2}(-[a-z]+)+-\d$/,
      'must be a region, for example eu-west-1',
    ),
  cluster: z
    .string()
    .regex(
      /^[A-Za-z0-9_{}-]{1,255}$/,
      'must be the name of a cluster, not its ARN',
    ),
  service: z
    .string()
    .regex(
      /^[A-Za-z0-9_{}-]{1,255}$/,
      "must be the name of a service, or '{name}' for the entity's own",
    )
    .optional(),
});

const environment = z.strictObject({
  name: z.string().min(1, 'must not be empty').max(255),
  tier: z
    .enum(['development', 'testing', 'staging', 'production', 'other'])
    .optional(),
  match: list.optional(),
  aws: aws.optional(),
  stacks: z.array(z.string().min(1)).optional(),
  gate: z.enum(['github-reviewers']).optional(),
  policy: policySchema.optional(),
});

const set = z.strictObject({
  appliesTo: z.record(z.string(), list).optional(),
  environments: z.array(environment).min(1, 'must not be empty'),
});

const KEY = 'delivery.environmentSets';

/**
 * Reads `delivery.environmentSets`: the sets in their order, then the one for everyone else.
 *
 * @throws `Error` with one sentence that names the key and what to write there
 */
export function readEnvironmentSets(
  config: Config | undefined,
): EnvironmentSet[] {
  const written = config?.getOptional('environmentSets') ?? {};
  if (typeof written !== 'object' || Array.isArray(written)) {
    throw wrong(KEY, 'must hold sets by their name');
  }
  const sets = Object.entries(written as object).map(([name, value]) =>
    readSet(name, value),
  );
  const others = sets.filter(item => item.name !== DEFAULT_SET.name);
  const otherwise = sets.find(item => item.name === DEFAULT_SET.name);
  return [...others, otherwise ?? DEFAULT_SET];
}

function readSet(name: string, value: unknown): EnvironmentSet {
  const key = `${KEY}.${name}`;
  const result = set.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw wrong([key, ...issue.path].join('.'), sentence(issue));
  }
  const { appliesTo, environments } = result.data;
  const names = environments.map(item => item.name.toLowerCase());
  const twice = names.find((item, index) => names.indexOf(item) !== index);
  if (twice !== undefined) {
    throw wrong(`${key}.environments`, `must not name ${twice} twice`);
  }
  return {
    name,
    appliesTo:
      appliesTo &&
      Object.fromEntries(
        Object.entries(appliesTo).map(([path, values]) => [
          path,
          [values].flat(),
        ]),
      ),
    environments: environments.map(item => ({
      name: item.name,
      tier: item.tier ?? tierOf(item.name),
      match: [item.match ?? item.name].flat().map(text => text.toLowerCase()),
      aws: item.aws,
      stacks: item.stacks ?? [],
      ...(item.policy && { policy: item.policy }),
    })),
  };
}

function tierOf(name: string): Tier {
  const lower = name.toLowerCase();
  return TIERS.find(([pattern]) => pattern.test(lower))?.[1] ?? 'other';
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `has unknown keys: ${issue.keys.join(', ')}`;
  }
  if (issue.code === 'invalid_value') {
    return `must be one of ${issue.values.join(', ')}`;
  }
  return issue.message.startsWith('must')
    ? issue.message
    : `is missing or of the wrong kind`;
}

function wrong(key: string, what: string): Error {
  return new Error(`Wrong configuration: ${key} ${what}.`);
}
