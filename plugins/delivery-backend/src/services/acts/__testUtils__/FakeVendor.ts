import type {
  GateReading,
  GateRun,
} from 'backstage-plugin-delivery-common/domain';
import {
  type DecisionRecord,
  type DeliveryProvider,
  type UserToken,
  type VendorActs,
  type VendorIdentity,
  VendorRefusal,
} from 'backstage-plugin-delivery-node';

/** Accounts by token: whoever holds the token is who it says. */
const ACCOUNTS: Record<string, VendorIdentity> = Object.fromEntries(
  ['cleo', 'otto', 'dana', 'stranger'].map((login, index) => [
    `ghu_${login}_canary`,
    { host: 'github.com', id: `${100 + index}`, nodeId: `U_${login}`, login },
  ]),
);

export const CLEO = ACCOUNTS.ghu_cleo_canary;
export const OTTO = ACCOUNTS.ghu_otto_canary;
export const DANA = ACCOUNTS.ghu_dana_canary;

/** A GitHub of one run with one gate. Everything it is asked stands in `calls`; everything it is told to do in `done`. */
export class FakeVendor {
  readonly calls: string[] = [];
  readonly done: string[] = [];
  readonly decisions: DecisionRecord[] = [];
  run: GateRun = {
    waiting: true,
    status: 'waiting',
    headSha: 'b'.repeat(40),
    attempt: 1,
    actor: { id: DANA.id, login: DANA.login },
    triggeringActors: [{ id: DANA.id, login: DANA.login }],
    deploymentCreators: [{ id: DANA.id, login: DANA.login }],
    pendingDeployments: ['d1'],
  };
  environments: Record<string, GateReading | undefined> = {
    production: {
      environmentId: '7',
      environmentName: 'production',
      preventSelfReview: true,
      canAdminsBypass: false,
      waitTimerMinutes: 0,
      reviewers: [{ kind: 'user', id: CLEO.id, name: 'cleo' }],
      currentUserCanApprove: true,
    },
  };
  file = 'on: workflow_dispatch\njobs: { build: {} }';
  /** What happens when something is sent: by default it is done. */
  onSend: (doIt: () => void) => Promise<void> = async doIt => doIt();
  /** What happens before something is read. */
  onRead: (what: string) => Promise<void> = async () => {};
  dispatched: { runKey?: string; url?: string } = {};

  readonly acts: VendorActs = {
    identify: async (_host, token) => {
      await this.#read('identify', token);
      const account = ACCOUNTS[token.reveal()];
      if (account) return account;
      throw new VendorRefusal('token_not_ours', 'This token is not ours.');
    },
    readGateRun: async (_gate, token) => {
      await this.#read('readGateRun', token);
      return this.run;
    },
    readGate: async (gate, token) => {
      await this.#read('readGate', token);
      return this.environments[gate.environment];
    },
    readEnvironment: async (_scope, name, token) => {
      await this.#read(`readEnvironment ${name}`, token);
      return this.environments[name];
    },
    readRange: async (_scope, { base, head }, token) => {
      await this.#read(`readRange ${base} ${head}`, token);
      return {
        status: 'ahead',
        commits: [],
        total: 0,
        cut: false,
        pullRequests: [],
        files: [],
        filesCut: false,
      };
    },
    readChecks: async () => [],
    readDecisions: async (_run, token) => {
      await this.#read('readDecisions', token);
      return [...this.decisions];
    },
    decide: async (_gate, { environmentId, state, comment }, person) => {
      await this.#send(`decide ${state}`, () => {
        const { id, login } = person.identity;
        this.decisions.push({
          user: { id, login },
          ...{ state, comment },
          environmentIds: [environmentId],
        });
        this.run = {
          ...this.run,
          waiting: false,
          status: state === 'approved' ? 'in_progress' : 'completed',
          pendingDeployments: [],
        };
      });
      return { requestId: 'REQ:1' };
    },
    rerun: async (_run, failedOnly, { identity }) => {
      await this.#send(`rerun ${failedOnly}`, () => {
        const { id, login } = identity;
        this.run = {
          ...this.run,
          attempt: this.run.attempt + 1,
          status: 'queued',
          conclusion: undefined,
          triggeringActors: [...this.run.triggeringActors, { id, login }],
        };
      });
      return { requestId: 'REQ:2' };
    },
    cancel: async () => {
      await this.#send('cancel', () => {
        this.run = {
          ...this.run,
          status: 'completed',
          conclusion: 'cancelled',
        };
      });
      return { requestId: 'REQ:3' };
    },
    dispatch: async (_scope, { workflow, ref, inputs }) => {
      const text = JSON.stringify(inputs);
      await this.#send(`dispatch ${workflow} ${ref} ${text}`, () => {});
      return { requestId: 'REQ:4', ...this.dispatched };
    },
  };

  readonly provider: DeliveryProvider = {
    id: 'fake',
    hosts: ['github.com'],
    parseEvent: () => ({ kind: 'ignored', reason: 'fake' }),
    listChanges: async () => ({ changes: [] }),
    readWorkflowFile: async (_scope, { path, sha }) => {
      this.calls.push(`readWorkflowFile ${path} ${sha}`);
      await this.onRead('readWorkflowFile');
      return { path, sha, blobSha: 'f', text: this.file };
    },
    acts: this.acts,
  };

  async #read(what: string, token: UserToken | undefined): Promise<void> {
    this.calls.push(token ? what : `${what} as portal`);
    await this.onRead(what);
  }

  async #send(what: string, doIt: () => void): Promise<void> {
    this.calls.push(what);
    await this.onSend(() => {
      this.done.push(what);
      doIt();
    });
  }
}
