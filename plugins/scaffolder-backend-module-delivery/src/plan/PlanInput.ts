import type { EnvironmentPlace } from '../naming/names';

/** Values of the form and of the configuration, as a template hands them to `delivery:plan`. */
export interface PlanInput {
  template: string;
  name: string;
  /** Entity ref of a group. */
  owner: string;
  /** Entity refs of users and groups. */
  reviewers: readonly string[];
  environments: readonly EnvironmentPlace[];
  infrastructure: boolean;
  registry: { accountId: string; region: string };
  serviceUrl: string;
  /** attestation or signature */
  imageProof: string;
  signingKey?: string;
  slackChannel?: string;
  datadogSite?: string;
}
