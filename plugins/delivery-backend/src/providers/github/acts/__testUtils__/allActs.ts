import { signal, somebody, type Vendor } from './startVendor';

export const RUN = '/repos/acme/vaultex/actions/runs/5';
export const DISPATCH =
  'POST /repos/acme/vaultex/actions/workflows/rollback.yml/dispatches';

export type Act = (target: Vendor, environmentId?: string) => Promise<unknown>;
const decide: Act = ({ acts, gate, host }, environmentId = '42') =>
  acts.decide(
    gate,
    { environmentId, state: 'approved', comment: 'Go' },
    somebody(host),
    signal,
  );
const rerun: Act = ({ acts, gate, host }) =>
  acts.rerun(gate, false, somebody(host), signal);
const rerunFailed: Act = ({ acts, gate, host }) =>
  acts.rerun(gate, true, somebody(host), signal);
const cancel: Act = ({ acts, gate, host }) =>
  acts.cancel(gate, somebody(host), signal);
const dispatch: Act = ({ acts, scope, host }) =>
  acts.dispatch(
    scope,
    { workflow: 'rollback.yml', ref: 'main', inputs: { sha: 'abc' } },
    somebody(host),
    signal,
  );
/** Everything that changes something: name, act, address of its one request. */
export const ALL: [string, Act, string][] = [
  ['decide', decide, `POST ${RUN}/pending_deployments`],
  ['rerun', rerun, `POST ${RUN}/rerun`],
  ['rerun of failed jobs', rerunFailed, `POST ${RUN}/rerun-failed-jobs`],
  ['cancel', cancel, `POST ${RUN}/cancel`],
  ['dispatch', dispatch, DISPATCH],
];
