import { hashUnit, type Engine } from '../engine';
import {
  GitHubError,
  type RepoRecord,
  type RunRecord,
  type SandboxEvent,
  type SandboxState,
} from '../state';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Something somebody will do later. */
export interface LaterAct {
  at: number;
  act: () => Promise<void> | void;
}

const APPROVALS = [
  'Staging looks good',
  'Checked the diff and the dashboards',
  'Go',
  'Fine, I am watching the alarms',
];
const REFUSALS = [
  'Not on the day of the settlement run, please',
  'Staging shows slow queries since this change',
];

/** Until six in the evening people answer; what comes later is answered at once by whoever is still there. */
function soon(now: number, minutes: number): number {
  const evening = now - (now % DAY) + 18 * 60 * MINUTE;
  const at = now + minutes * MINUTE;
  return at <= evening ? at : now + 2 * MINUTE;
}

/** What people do about runs: approve and reject, run again, cancel. Depends on the seed and the runs only. */
export class Reactions {
  constructor(
    private readonly options: {
      state: SandboxState;
      seed: string;
      engine: () => Engine;
      later: (act: LaterAct) => void;
      /** Runs nobody answers: they are still waiting when history ends. */
      leaveWaiting: (run: RunRecord) => boolean;
      /** Runs nobody refuses or cancels. */
      certain: (run: RunRecord) => boolean;
      /** Runs nobody starts again when they have failed. */
      lost: (run: RunRecord) => boolean;
    },
  ) {}

  on(event: SandboxEvent): void {
    if (event.event === 'deployment_review' && event.action === 'requested') {
      this.#review(event.run, event.environment);
    }
    if (event.event === 'workflow_run' && event.action === 'requested') {
      this.#maybeCancel(event.run);
    }
    if (event.event === 'workflow_run' && event.action === 'completed') {
      this.#maybeRerun(event.run);
    }
  }

  #roll(run: RunRecord, what: string): number {
    const attempt = run.attempts.length;
    return hashUnit(this.options.seed, run.id, attempt, what);
  }

  #review(run: RunRecord, environmentName: string): void {
    const { state, later, engine, leaveWaiting, certain } = this.options;
    const repo = state.repos.get(run.repoId) as RepoRecord;
    const environment = repo.environments.find(
      ({ name }) => name === environmentName,
    );
    if (!environment || leaveWaiting(run)) return;
    const trigger = run.attempts[run.attempts.length - 1].triggeringActor;
    const others = ['ravi', 'pat'].filter(
      login =>
        login !== trigger &&
        state.teams.some(
          team =>
            team.members.includes(login) &&
            environment.reviewers.some(({ id }) => id === team.id),
        ),
    );
    const byOther = others.length > 0 && this.#roll(run, 'who') < 0.25;
    const rejected = this.#roll(run, 'decision') < 0.045 && !certain(run);
    const texts = rejected ? REFUSALS : APPROVALS;
    const comment =
      texts[Math.floor(this.#roll(run, environmentName) * texts.length)];
    const minutes = 1 + 70 * this.#roll(run, 'delay') ** 2;
    later({
      at: soon(state.clock.now(), minutes),
      act: () => {
        try {
          engine().review(run, {
            environmentIds: [environment.id],
            state: rejected ? 'rejected' : 'approved',
            comment,
            actor: byOther ? others[0] : 'cleo',
          });
        } catch (error) {
          // The run was cancelled or replaced by a newer one meanwhile.
          if (!(error instanceof GitHubError)) throw error;
        }
      },
    });
  }

  #maybeCancel(run: RunRecord): void {
    const { state, later, engine, certain } = this.options;
    if (run.event === 'schedule' || certain(run)) return;
    if (this.#roll(run, 'cancel') > 0.015) return;
    later({
      at: state.clock.now() + 12_000,
      act: () => {
        const { status } = run.attempts[run.attempts.length - 1];
        if (status !== 'completed') engine().cancel(run, run.actor);
      },
    });
  }

  #maybeRerun(run: RunRecord): void {
    const { state, later, engine, lost } = this.options;
    const { conclusion } = run.attempts[run.attempts.length - 1];
    const again = conclusion === 'failure' || conclusion === 'timed_out';
    const rejected = run.reviews.some(review => review.state === 'rejected');
    if (!again || rejected || lost(run) || run.attempts.length > 2) return;
    if (this.#roll(run, 'again') > 0.55) return;
    const minutes = 3 + 20 * this.#roll(run, 'when');
    const failedOnly = this.#roll(run, 'only') < 0.75;
    const actor = this.#roll(run, 'by') < 0.7 ? 'ravi' : 'dana';
    later({
      at: soon(state.clock.now(), minutes),
      act: () => engine().rerun(run, { failedOnly, actor }),
    });
  }
}
