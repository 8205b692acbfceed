import { Octokit } from '@octokit/rest';
import { Clock, RepoRecord } from '../../state';
import { startSmallSandbox } from './startSmallSandbox';

/** What a refusal says. */
export interface Problem {
  status: number;
  message: string;
  errors?: unknown;
}

/** Routes with a method of their own, named so that declarations need not name packages behind Octokit. */
type Rest = Octokit['rest'];
type Created = Awaited<ReturnType<Rest['repos']['createInOrg']>>['data'];

/** A sandbox with the people of its small world, for creating repositories in `acme`. */
export async function creatingSandbox(
  options: { clock?: Clock; webhookUrl?: string } = {},
) {
  const sandbox = await startSmallSandbox(options);
  const { tokens, app, provisioner } = sandbox.github;
  /** @param auth - a login, or a token */
  const octokit = (auth: string) =>
    new Octokit({
      baseUrl: `${sandbox.url}/api/v3`,
      auth: auth.includes('_') ? auth : `ghp_sandbox_${auth}`,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      retry: { enabled: false },
    });
  const as = (auth: string): Rest => octokit(auth).rest;
  const userToken = (login: string, clientId: string) =>
    tokens.issueUser(login, [], clientId).access.token;
  return {
    sandbox,
    as,
    /** For routes that Octokit has no method for. */
    request: (
      auth: string,
      route: string,
      body: object,
    ): ReturnType<Octokit['request']> =>
      octokit(auth).request(route, { ...body }),
    /** A person's token of the App that creates repositories, and of the portal's. */
    provisioner: (login: string) => userToken(login, provisioner.clientId),
    portal: (login: string) => userToken(login, app.clientId),
    problem: (asked: Promise<unknown>): Promise<Problem | undefined> =>
      asked.then(
        () => undefined,
        error => ({
          status: error.status,
          message: error.response.data.message,
          ...(error.response.data.errors && {
            errors: error.response.data.errors,
          }),
        }),
      ),
    control: async (path: string, body: object) => {
      const answer = await fetch(`${sandbox.url}/_sandbox${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.json() };
    },
    create: async (
      name: string,
      login = 'dana',
      body: object = {},
    ): Promise<Created> => {
      const { data } = await as(login).repos.createInOrg({
        org: 'acme',
        name,
        private: true,
        ...body,
      });
      return data;
    },
    repo: (name: string) => sandbox.state.repo('acme', name) as RepoRecord,
  };
}

export type CreatingSandbox = Awaited<ReturnType<typeof creatingSandbox>>;
