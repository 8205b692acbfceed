import { InputError } from '@backstage/errors';
import type {
  RepositoryScope,
  UserToken,
  VendorActs,
  VendorIdentity,
} from 'backstage-plugin-delivery-node';
import type { Reader, RepositoryReader } from './ask';
import { identify, type SignInApplication } from './identify';
import { readChecks, readDecisions } from './readFacts';
import { readEnvironment } from './readEnvironments';
import { readGate, readGateRun } from './readGates';
import { readRange } from './readRange';
import { UserClient, type UserClientOptions } from './UserClient';
import { tokenNotOurs } from './userToken';
import { cancel, decide, dispatch, rerun, type Writer } from './write';

export interface GithubActsOptions
  extends Pick<UserClientOptions, 'clock' | 'fetch' | 'retries'> {
  /** `reader`: the portal's own credentials, for reads without a person. */
  hosts: { host: string; apiBaseUrl: string; reader: Reader }[];
  signIn: readonly SignInApplication[];
}

/** What can be done at GitHub in a person's name. */
export function createGithubActs(options: GithubActsOptions): VendorActs {
  const at = (host: string) => {
    const found = options.hosts.find(one => one.host === host);
    if (found) return found;
    throw new InputError(`GitHub host ${host} is not configured.`);
  };
  const clientOptions = (host: string): UserClientOptions => ({
    host,
    apiBaseUrl: at(host).apiBaseUrl,
    clock: options.clock,
    fetch: options.fetch,
    retries: options.retries,
  });
  const reading = (
    scope: Pick<RepositoryScope, 'host' | 'slug'>,
    token: UserToken | undefined,
    signal: AbortSignal,
  ): RepositoryReader => ({
    reader: token
      ? new UserClient(clientOptions(scope.host), { token })
      : at(scope.host).reader,
    scope,
    signal,
  });
  const writing = (
    { host }: Pick<RepositoryScope, 'host'>,
    { token, identity }: { token: UserToken; identity: VendorIdentity },
    signal: AbortSignal,
  ): Writer => {
    if (identity.host !== host) {
      throw tokenNotOurs(
        `You are signed in to ${identity.host}, and this is at ${host}. Sign in there, then repeat what you did.`,
      );
    }
    const client = new UserClient(clientOptions(host), { token });
    return { client, identity, signal };
  };

  return {
    identify: async (host, token, signal) =>
      identify(
        clientOptions(host),
        options.signIn.filter(one => one.host === host),
        token,
        signal,
      ),
    readGateRun: async (gate, token, signal) =>
      readGateRun(reading(gate, token, signal), gate),
    readGate: async (gate, token, signal) =>
      readGate(reading(gate, token, signal), gate, token !== undefined),
    readEnvironment: async (scope, environment, token, signal) =>
      readEnvironment(reading(scope, token, signal), environment),
    readRange: async (scope, range, token, signal) =>
      readRange(reading(scope, token, signal), range),
    readChecks: async (scope, sha, token, signal) =>
      readChecks(reading(scope, token, signal), sha),
    readDecisions: async (run, token, signal) =>
      readDecisions(reading(run, token, signal), run),
    decide: async (gate, decision, person, signal) =>
      decide(writing(gate, person, signal), gate, decision),
    rerun: async (run, failedOnly, person, signal) =>
      rerun(writing(run, person, signal), run, failedOnly),
    cancel: async (run, person, signal) =>
      cancel(writing(run, person, signal), run),
    dispatch: async (scope, request, person, signal) =>
      dispatch(writing(scope, person, signal), scope, request),
  };
}
