import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  KeyObject,
} from 'crypto';
import { existsSync, readFileSync } from 'fs';
import { mkdir, rename, writeFile } from 'fs/promises';
import { join } from 'path';
import { Account, SandboxState } from '../state';

/** Somebody who may ask people for tokens. */
export interface OAuthApplication {
  clientId: string;
  clientSecret: string;
  name: string;
}

/** A GitHub App that people sign in to: what their tokens may do is what the App may do as well. */
export interface UserApplication extends OAuthApplication {
  id: number;
  slug: string;
  permissions: Record<string, string>;
}

/** The portal's GitHub App, installed in every organisation. */
export interface GitHubApp extends UserApplication {
  hookId: number;
  createdAt: number;
  events: string[];
  publicKey: KeyObject;
  /** PKCS#1 PEM. */
  privateKeyPem: string;
  /** File with the private key, for the portal's `$file`. Undefined without a data folder. */
  privateKeyFile?: string;
}

/** Another application at the same GitHub: its user tokens look like those of the portal's App. */
export const OTHER_APPLICATION: OAuthApplication = {
  clientId: 'Iv1.other',
  clientSecret: 'other-secret',
  name: 'Another application',
};

/** What the App may do; installation tokens can be asked for less. */
export const APP_PERMISSIONS: Record<string, string> = {
  metadata: 'read',
  actions: 'write',
  deployments: 'write',
  contents: 'read',
  pull_requests: 'read',
  issues: 'read',
  checks: 'read',
  members: 'read',
};

/** What the App that creates repositories may do for people. */
export const PROVISIONER_PERMISSIONS: Record<string, string> = {
  metadata: 'read',
  members: 'read',
  administration: 'write',
  contents: 'write',
  workflows: 'write',
  environments: 'write',
  actions: 'write',
  actions_variables: 'write',
  secrets: 'write',
};

/**
 * The second App: it acts for people only, has no webhook and no key. Installed where the portal's App is.
 * @param own - its id and secret as OAuth client, when they are not the usual ones
 */
export function provisionerApp(
  own: { clientId?: string; clientSecret?: string } = {},
): UserApplication {
  return {
    id: 4343,
    slug: 'sandbox-provisioner',
    name: 'Sandbox Provisioner',
    clientId: own.clientId ?? 'Iv1.provisioner',
    clientSecret: own.clientSecret ?? 'provisioner-secret',
    permissions: PROVISIONER_PERMISSIONS,
  };
}

const APP_EVENTS = [
  'workflow_run',
  'workflow_job',
  'deployment',
  'deployment_status',
  'deployment_review',
  'push',
  'pull_request',
  'issues',
];

async function privateKeyOf(folder: string | undefined): Promise<string> {
  const file = folder && join(folder, 'app.pem');
  if (file && existsSync(file)) return readFileSync(file, 'utf8');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  if (folder && file) {
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.tmp`, pem, { mode: 0o600 });
    await rename(`${file}.tmp`, file);
  }
  return pem;
}

/** Reads the App's key from the data folder, or makes one there at the first start. */
export async function openGitHubApp(options: {
  folder?: string;
  clientId: string;
  clientSecret: string;
  createdAt: number;
}): Promise<GitHubApp> {
  const privateKeyPem = await privateKeyOf(options.folder);
  return {
    id: 4242,
    slug: 'sandbox-delivery',
    name: 'Sandbox Delivery',
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    hookId: 424201,
    createdAt: options.createdAt,
    permissions: APP_PERMISSIONS,
    events: APP_EVENTS,
    publicKey: createPublicKey(createPrivateKey(privateKeyPem)),
    privateKeyPem,
    privateKeyFile: options.folder && join(options.folder, 'app.pem'),
  };
}

/** Id of the App's installation in an organisation; derived, so that it needs no record. */
export function installationIdOf(account: Account): number {
  return 50_000_000 + account.id;
}

/** The organisations the App is installed in. */
export function installedAccounts(state: SandboxState): Account[] {
  const owners = new Set([...state.repos.values()].map(repo => repo.owner));
  return [...state.accounts.values()].filter(
    account => account.type === 'Organization' && owners.has(account.login),
  );
}
