import type { Entity } from '@backstage/catalog-model';
import { InputError, NotAllowedError } from '@backstage/errors';
import type { ScmIntegrations } from '@backstage/integration';
import { parseRepoUrl } from '@backstage/plugin-scaffolder-node';
import { accountSchema, parseBody } from './bodies';
import { GithubCallError } from './GithubCallError';
import { PersonClient, type Sleep } from './PersonClient';
import { ANNOTATION_LOGIN, ANNOTATION_NODE_ID } from '../people/annotations';

const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** A repository by its address. */
export interface RepositoryAddress {
  /** With port. */
  host: string;
  owner: string;
  repo: string;
  /** `owner/repo` */
  slug: string;
}

/** Who creates the service. */
export interface Person {
  login: string;
  id: number;
}

/** Calls in the person's name, and where they go. */
export interface PersonalAccess {
  client: PersonClient;
  address: RepositoryAddress;
  person: Person;
}

const OWN_TOKEN =
  'This step works with your own GitHub sign-in only: give it the token of the person who creates the service (secrets.USER_OAUTH_TOKEN).';

/** @throws `InputError` when the address is not that of a repository at a GitHub host of the configuration */
export function addressOf(
  repoUrl: string,
  integrations: ScmIntegrations,
): RepositoryAddress {
  const { host, owner, repo } = parseRepoUrl(repoUrl, integrations);
  if (!integrations.github.byHost(host)) {
    throw new InputError(
      `${host} is not a GitHub host of this portal's configuration (integrations.github).`,
    );
  }
  const isName = (name?: string) =>
    name !== undefined && NAME.test(name) && !/^\.+$/.test(name);
  if (!isName(owner) || !isName(repo)) {
    throw new InputError(
      'The repository needs an owner and a name of letters, digits, “.”, “-” and “_”.',
    );
  }
  return { host, owner: owner!, repo, slug: `${owner}/${repo}` };
}

/**
 * A client for one person. The portal's own credentials are never used instead.
 *
 * @throws `NotAllowedError` without a token, or when it is not a person's
 */
export async function openAccess(options: {
  integrations: ScmIntegrations;
  repoUrl: string;
  token: string | undefined;
  /** The catalog's user who started the task. */
  user?: Entity;
  signal?: AbortSignal;
  sleep?: Sleep;
}): Promise<PersonalAccess> {
  const { integrations, repoUrl, user, signal, sleep } = options;
  const address = addressOf(repoUrl, integrations);
  const token = options.token?.trim() ?? '';
  if (token === '') throw new NotAllowedError(OWN_TOKEN);
  if (token.startsWith('ghs_')) {
    throw new NotAllowedError(`${OWN_TOKEN} It got the token of an App.`);
  }
  const { config } = integrations.github.byHost(address.host)!;
  const client = new PersonClient({
    host: address.host,
    apiBaseUrl: config.apiBaseUrl ?? 'https://api.github.com',
    ...{ token, signal, sleep },
  });
  const person = await readPerson(client);
  requireSamePerson(person, user);
  return { client, address, person };
}

interface KnownPerson extends Person {
  nodeId?: string;
}

async function readPerson(client: PersonClient): Promise<KnownPerson> {
  let body: unknown;
  try {
    body = await client.get('/user', {}, 'tell whose sign-in this is');
  } catch (error) {
    const isApp = error instanceof GithubCallError && error.status === 403;
    if (isApp && !error.isPassing) {
      throw new NotAllowedError(`${OWN_TOKEN} It got the token of an App.`);
    }
    throw error;
  }
  const account = parseBody(accountSchema, body, 'your account');
  if (account.type !== 'User' || account.login.endsWith('[bot]')) {
    throw new NotAllowedError(
      `${OWN_TOKEN} It got the token of “${account.login}”, which is no person.`,
    );
  }
  const { login, id, node_id: nodeId } = account;
  return { login, id, nodeId };
}

/** Whoever the portal knows as one account does not act as another. */
function requireSamePerson(person: KnownPerson, user: Entity | undefined) {
  const annotations = user?.metadata.annotations ?? {};
  const nodeId = annotations[ANNOTATION_NODE_ID];
  const login = annotations[ANNOTATION_LOGIN];
  const isSame =
    nodeId && person.nodeId
      ? nodeId === person.nodeId
      : !login || login.toLowerCase() === person.login.toLowerCase();
  if (isSame) return;
  throw new NotAllowedError(
    `You are signed in at GitHub as “${person.login}”, but the catalog knows you by another account. Sign in to GitHub with your own account, then start the task again.`,
  );
}
