/** A run or a job that wants to be alone in its concurrency group. */
export interface GroupMember {
  /** The group is free now: go on. Called at most once. */
  begin(): void;
  /** Must wait for the member inside. */
  wait(): void;
  /** Cancelled by a newer member: pending ones always, the one inside only with `cancel-in-progress`. */
  cancel(): void;
}

interface Group {
  holder: GroupMember;
  pending: GroupMember | null;
}

/** One inside, one pending: a newer pending member takes the place of an older one, as at GitHub. */
export class ConcurrencyGroups {
  readonly #groups = new Map<string, Group>();

  enter(key: string, member: GroupMember, cancelInProgress: boolean): void {
    const group = this.#groups.get(key);
    if (!group) {
      this.#groups.set(key, { holder: member, pending: null });
      member.begin();
      return;
    }
    const replaced = group.pending;
    group.pending = member;
    member.wait();
    replaced?.cancel();
    if (cancelInProgress) group.holder.cancel();
  }

  /** Must be called once by every member that entered, when it has ended. */
  leave(key: string, member: GroupMember): void {
    const group = this.#groups.get(key);
    if (!group) return;
    if (group.pending === member) {
      group.pending = null;
    } else if (group.holder === member) {
      if (group.pending) {
        group.holder = group.pending;
        group.pending = null;
        group.holder.begin();
      } else this.#groups.delete(key);
    }
  }
}
