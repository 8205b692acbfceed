import type { Change, Fact, JobFact, RunFact } from '../../model';
import { toState } from '../vendorWords';
import { jobFact, read, runFact } from './facts';
import type { Random } from './Random';

/** What the vendor holds at one moment. */
export interface Truth {
  at: number;
  /** Latest fact of each attempt, ascending. */
  attempts: RunFact[];
  jobs: JobFact[];
}

/** One webhook as sent, with the vendor's state right after. */
export interface Sent {
  at: number;
  fact: Fact;
  truth: Truth;
}

/**
 * Plays one run the way GitHub does: attempts, jobs that queue, wait at gates (`queued`, `waiting`, `queued` again), move and end, and
 * cancellations. Stops anywhere, so that open runs occur too.
 *
 * @param tick - least time between two things that happen; the vendor writes times in whole seconds
 */
export function simulateVendor(random: Random, tick: number): Sent[] {
  const sent: Sent[] = [];
  const attempts: RunFact[] = [];
  const jobs = new Map<string, JobFact>();
  let now = 1_700_000_000_000;
  let nextJob = 200;

  const seconds = () => Math.floor(now / 1000) * 1000;
  const send = (fact: Fact) => {
    now += tick + random.int(0, 3_000);
    sent.push({
      at: now,
      fact,
      truth: { at: now, attempts: [...attempts], jobs: [...jobs.values()] },
    });
  };
  const tellRun = (
    attempt: number,
    raw: { status: string; conclusion?: string },
  ) => {
    const fact = runFact(raw, {
      attempt,
      triggeringActor: attempt === 1 ? 'mona' : 'hubot',
      startedAt: attempts[attempt - 1]?.startedAt ?? seconds(),
      updatedAt: seconds(),
    });
    attempts[attempt - 1] = fact;
    send(fact);
  };
  const tellJob = (
    job: JobFact,
    raw: { status: string; conclusion?: string },
    part: Partial<JobFact> = {},
  ): JobFact => {
    const fact = {
      ...job,
      state: toState(raw.status, raw.conclusion),
      ...part,
    };
    jobs.set(fact.jobKey, fact);
    send(fact);
    return fact;
  };
  const playJob = (attempt: number, name: string): string => {
    let job = jobFact(
      { status: 'queued' },
      {
        jobKey: `gh.${nextJob++}`,
        attempt,
        name,
        createdAt: seconds(),
        steps: [],
      },
    );
    if (random.chance(0.1)) {
      tellJob(job, { status: 'completed', conclusion: 'skipped' });
      return 'skipped';
    }
    job = tellJob(job, { status: 'queued' });
    if (random.chance(0.4)) {
      job = tellJob(job, { status: 'waiting' });
      tellRun(attempt, { status: 'waiting' });
      job = tellJob(job, { status: 'queued' });
      tellRun(attempt, { status: 'in_progress' });
    }
    if (random.chance(0.1)) {
      tellJob(job, { status: 'completed', conclusion: 'cancelled' });
      return 'cancelled';
    }
    job = tellJob(
      job,
      { status: 'in_progress' },
      { startedAt: seconds(), runner: 'runner-1' },
    );
    const conclusion = random.chance(0.7) ? 'success' : 'failure';
    tellJob(
      job,
      { status: 'completed', conclusion },
      {
        completedAt: seconds(),
        steps: [
          {
            number: 1,
            name: 'Run',
            state: toState('completed', conclusion),
          },
        ],
      },
    );
    return conclusion;
  };

  const attemptCount = random.int(1, 3);
  for (let attempt = 1; attempt <= attemptCount; attempt++) {
    tellRun(attempt, { status: 'queued' });
    tellRun(attempt, { status: 'in_progress' });
    const ends: string[] = [];
    for (let n = random.int(1, 3); n > 0; n--) {
      ends.push(playJob(attempt, `job ${n}`));
    }
    tellRun(attempt, {
      status: 'completed',
      conclusion: ends.includes('failure') ? 'failure' : 'success',
    });
  }
  return random.chance(0.3) ? sent.slice(0, random.int(1, sent.length)) : sent;
}

/** What a read of everything gives: the head with its jobs, then the earlier attempts to close gaps. */
export function sweep(truth: Truth, at: number): Change[] {
  return [...truth.attempts]
    .reverse()
    .flatMap(run => [
      read(run, at),
      ...truth.jobs
        .filter(job => job.attempt === run.attempt)
        .map(job => read(job, at)),
    ]);
}
