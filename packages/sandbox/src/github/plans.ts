import { RepoRecord } from '../state';
import { SandboxStore } from '../store/sandboxStore';

/** What an organisation pays for. */
export type Plan = 'free' | 'enterprise';

/** Under this key of `state.saved` lie the plans that are not the usual one, by organisation. */
const KEY = 'plans';

const plansOf = (store: SandboxStore) =>
  (store.saved.get(KEY) ?? {}) as Record<string, Plan>;

/** The plan of an organisation or a person; `enterprise` until somebody says otherwise. */
export function planOf(store: SandboxStore, owner: string): Plan {
  return plansOf(store)[owner] ?? 'enterprise';
}

export function setPlan(store: SandboxStore, owner: string, plan: Plan): void {
  store.saved.set(KEY, { ...plansOf(store), [owner]: plan });
  store.changed();
}

/** Whether protections of environments and rulesets exist in a repository: private ones need a plan for that. */
export function canProtect(store: SandboxStore, repo: RepoRecord): boolean {
  return !repo.private || planOf(store, repo.owner) === 'enterprise';
}
