import { RepoRecord } from '../state';
import { SandboxStore } from '../store/sandboxStore';
import { Actor } from './actor';

/** Ordered: each level includes those before it. */
export type Access = 'none' | 'pull' | 'push' | 'admin';

const RANK: Record<Access, number> = { none: 0, pull: 1, push: 2, admin: 3 };

/** Whether `have` is enough for `need`. */
export function allows(have: Access, need: Access): boolean {
  return RANK[have] >= RANK[need];
}

function ofPerson(
  store: SandboxStore,
  login: string,
  repo: RepoRecord,
): Access {
  if (repo.owner === login) return 'admin';
  let best: Access = repo.private ? 'none' : 'pull';
  for (const team of store.teams) {
    if (team.org !== repo.owner || !team.members.includes(login)) continue;
    const access = team.permission ?? 'push';
    if (allows(access, best)) best = access;
  }
  return best;
}

/** What the caller may do in a repository. For installations: reading; writes are decided by permission. */
export function accessTo(
  store: SandboxStore,
  actor: Actor,
  repo: RepoRecord,
): Access {
  const open: Access = repo.private ? 'none' : 'pull';
  switch (actor.kind) {
    case 'user':
      return ofPerson(store, actor.account.login, repo);
    case 'installation': {
      const inside =
        actor.account.login === repo.owner &&
        (!actor.repositoryIds || actor.repositoryIds.includes(repo.id));
      return inside ? 'push' : open;
    }
    default:
      return open;
  }
}
