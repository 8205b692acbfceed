import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '../fillTemplate';

const digest = `sha256:${'a'.repeat(64)}`;

/** A configuration that is right: every template, two environments. */
export const TEMPLATES = {
  owners: ['acme'],
  workflows: { repository: 'acme/platform-workflows', ref: 'v2.0.0' },
  onboarding: { repository: 'acme/platform-workflows' },
  registry: { accountId: '111111111111', region: 'eu-west-1' },
  serviceUrl: 'https://{name}.{environment}.acme.example',
  environmentSets: { default: 'standard' },
  signingKey: 'arn:aws:kms:eu-west-1:111111111111:key/images',
  images: {
    node: `node:24@${digest}`,
    python: `python:3.14@${digest}`,
    postgres: `postgres:17@${digest}`,
    gitleaks: `gitleaks:v8@${digest}`,
    cosign: `cosign:v3@${digest}`,
  },
};

export const STANDARD = {
  environments: [
    {
      name: 'staging',
      aws: { accountId: '333333333333', region: 'eu-west-1', cluster: 'main' },
    },
    {
      name: 'production',
      aws: { accountId: '444444444444', region: 'eu-west-1', cluster: 'main' },
    },
  ],
};

/** The portal's configuration with other values under `delivery.templates` and other sets of environments. */
export function portalConfig(
  templates: JsonObject | undefined = {},
  environmentSets: JsonObject = { standard: STANDARD },
): ConfigReader {
  return new ConfigReader({
    integrations: { github: [{ host: 'github.acme.example' }] },
    delivery: {
      environmentSets,
      templates: { ...TEMPLATES, ...templates },
    },
  });
}
