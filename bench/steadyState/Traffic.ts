import type { HandClock } from '../../packages/sandbox/src/engine';
import type { Sandbox } from '../../packages/sandbox/src';
import type { RepoRecord, RunRecord } from '../../packages/sandbox/src/state';
import { APPROVER, AUTHOR, type History } from './world';

const MINUTE = 60_000;
/** Mean time until somebody approves, and until somebody runs failed jobs again. */
const APPROVAL_MS = 30 * MINUTE;
const RERUN_MS = 10 * MINUTE;
const RERUN_SHARE = 0.5;

/** People who push, approve and re-run, as often as the model says. */
export class Traffic {
  readonly #options: {
    sandbox: Sandbox;
    clock: HandClock;
    random: () => number;
    history: History;
    /** Mean time between two pushes to one repository. */
    betweenMs: number;
  };
  readonly #underWay = new Set<Promise<unknown>>();
  pushes = 0;
  approvals = 0;

  constructor(options: {
    sandbox: Sandbox;
    clock: HandClock;
    random: () => number;
    history: History;
    betweenMs: number;
  }) {
    this.#options = options;
    options.sandbox.state.onEvent(event => {
      if (event.event === 'deployment_review' && event.action === 'requested') {
        this.#later(APPROVAL_MS, () => this.#approve(event.run));
      }
      if (event.event === 'workflow_run' && event.action === 'completed') {
        const isFirstFailure =
          event.run.attempts.length === 1 &&
          event.run.attempts[0].conclusion === 'failure';
        if (isFirstFailure && options.random() < RERUN_SHARE) {
          this.#later(RERUN_MS, () => this.#rerun(event.run));
        }
      }
    });
  }

  start(): void {
    for (const repo of this.#options.sandbox.state.repos.values()) {
      this.#plan(repo);
    }
  }

  /** Waits for what was started by timers. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #later(meanMs: number, work: () => Promise<unknown> | void): void {
    const { clock, random } = this.#options;
    clock.after(-meanMs * Math.log(1 - random()), () => {
      const promise = Promise.resolve(work()).finally(() =>
        this.#underWay.delete(promise),
      );
      this.#underWay.add(promise);
    });
  }

  #plan(repo: RepoRecord): void {
    this.#later(this.#options.betweenMs, () => {
      this.#plan(repo);
      return this.#push(repo);
    });
  }

  async #push(repo: RepoRecord): Promise<void> {
    const { sandbox, history } = this.#options;
    const position = history.positions.get(repo.id) ?? 0;
    const [before, after] = history.shas.slice(position, position + 2);
    if (!after) throw new Error('The history is too short for so many pushes.');
    history.positions.set(repo.id, position + 1);
    this.pushes += 1;
    sandbox.state.changed({
      event: 'push',
      action: null,
      repoId: repo.id,
      ref: 'refs/heads/main',
      before,
      after,
      pusher: AUTHOR,
    });
    await sandbox.engine.push(repo, {
      branch: 'main',
      before,
      after,
      actor: AUTHOR,
    });
  }

  #approve(run: RunRecord): void {
    const { engine } = this.#options.sandbox;
    const environmentIds = engine
      .pending(run)
      .map(({ environment }) => environment.id);
    if (environmentIds.length === 0) return;
    this.approvals += 1;
    engine.review(run, {
      environmentIds,
      state: 'approved',
      comment: 'Go',
      actor: APPROVER,
    });
  }

  #rerun(run: RunRecord): Promise<void> {
    return this.#options.sandbox.engine.rerun(run, {
      failedOnly: true,
      actor: AUTHOR,
    });
  }
}
