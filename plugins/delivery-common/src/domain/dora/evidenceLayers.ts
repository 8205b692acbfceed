import type { History } from './history';
import type { DoraDeployment } from './linked';

type Finished = DoraDeployment & { finishedAt: number };

/** What lies in production above each other. */
export class Layers {
  readonly #history: History;
  readonly #stack: Finished[] = [];
  /** How many of the stack have a SHA. */
  readonly #shas = new Map<string, number>();

  constructor(history: History) {
    this.#history = history;
  }

  put(deployment: Finished) {
    this.#stack.push(deployment);
    this.#count(deployment.sha, 1);
  }

  /** Takes off what a rollback takes out, newest first. Each deployment is taken off once, so all of them together cost no more. */
  goBackTo(rollback: Finished): Finished[] {
    const { sha } = rollback;
    const taken: Finished[] = [];
    if (sha && (this.#shas.get(sha) ?? 0) > 0) {
      while (this.#top()!.sha !== sha) taken.push(this.#take());
      return taken;
    }
    if (this.#top()) taken.push(this.#take());
    while (sha && this.#isAbove(sha)) taken.push(this.#take());
    if (sha) this.put(rollback);
    return taken;
  }

  #isAbove(sha: string): boolean {
    const top = this.#top()?.sha;
    // Not known is no reason to take anything out.
    return top !== undefined && this.#history.isAncestor(top, sha) === false;
  }

  #top(): Finished | undefined {
    return this.#stack[this.#stack.length - 1];
  }

  #take(): Finished {
    const top = this.#stack.pop()!;
    this.#count(top.sha, -1);
    return top;
  }

  #count(sha: string | undefined, by: 1 | -1) {
    if (sha) this.#shas.set(sha, (this.#shas.get(sha) ?? 0) + by);
  }
}
