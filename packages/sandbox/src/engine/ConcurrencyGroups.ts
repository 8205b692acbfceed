/** A run or a job that wants to be alone in its concurrency group. */
export interface GroupMember {
  /** The group is free now: go on. Called at most once. */
  begin(): void;
  /** Must wait for the member inside. */
  wait(): void;
  /** Cancelled by a newer member: pending ones unless they queue, the one inside only with `cancel-in-progress`. */
  cancel(): void;
}

interface Group {
  holder: GroupMember;
  /** Oldest first. */
  pending: GroupMember[];
}

/** As many as GitHub lets wait with `queue: max`. */
const MOST_PENDING = 100;

/** One inside, one pending: a newer pending member takes the place of an older one, as at GitHub, unless it queues. */
export class ConcurrencyGroups {
  readonly #groups = new Map<string, Group>();

  enter(
    key: string,
    member: GroupMember,
    { cancelInProgress, queue }: { cancelInProgress: boolean; queue: boolean },
  ): void {
    const group = this.#groups.get(key);
    if (!group) {
      this.#groups.set(key, { holder: member, pending: [] });
      member.begin();
      return;
    }
    const most = queue ? MOST_PENDING : 1;
    const replaced = group.pending.splice(
      0,
      Math.max(0, group.pending.length + 1 - most),
    );
    group.pending.push(member);
    member.wait();
    replaced.forEach(older => older.cancel());
    if (cancelInProgress) group.holder.cancel();
  }

  /** Must be called once by every member that entered, when it has ended. */
  leave(key: string, member: GroupMember): void {
    const group = this.#groups.get(key);
    if (!group) return;
    const place = group.pending.indexOf(member);
    if (place >= 0) group.pending.splice(place, 1);
    else if (group.holder === member) {
      const next = group.pending.shift();
      if (next) {
        group.holder = next;
        next.begin();
      } else this.#groups.delete(key);
    }
  }
}
