import { AwsCloud } from '../aws/cloud';
import { AwsCallCounters } from '../aws/wire/AwsCallCounters';
import { WorkflowEngine } from '../state';
import { GitRepositories } from '../store/gitRepositories';
import { SandboxStore } from '../store/sandboxStore';
import { CallCounters } from './callCounters';
import { Faults } from './faults';
import { GitHubApp, UserApplication } from './gitHubApp';
import { RateLimits } from './rateLimits';
import { Tokens } from './tokens';
import { WebhookSender } from './webhooks/webhookSender';

/** What every part of the wire works with. */
export interface GitHubContext {
  store: SandboxStore;
  git: GitRepositories;
  engine: WorkflowEngine;
  app: GitHubApp;
  /** The App that creates repositories for people. */
  provisioner: UserApplication;
  tokens: Tokens;
  faults: Faults;
  rates: RateLimits;
  counters: CallCounters;
  webhooks: WebhookSender;
  /** The AWS that pipelines deploy to, with the counters of its wire; absent when GitHub runs alone. */
  aws?: { cloud: AwsCloud; counters: AwsCallCounters };
  /** `http://127.0.0.1:<port>`: the one spelling used in every URL. Known once the server listens. */
  baseUrl: string;
}
