import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { trim } from './trim';
import type { VisibleService, VisibleServices } from './VisibleServices';

/** A stale "allowed" is a security property: what a caller sees is believed at most ten seconds. */
const OUTCOME_TTL_MS = 10_000;
/** An outcome in use is asked anew before its end, so that nobody who comes often waits for the catalog. */
const REFRESH_AFTER_MS = 4_000;
const MAX_CALLERS = 200;

interface Outcome {
  services: Promise<VisibleService[]>;
  askedAt: number;
  next?: Outcome;
}

/** Remembers for a moment which services a caller may read; the same list while nothing was asked anew. */
export class CallerServices {
  readonly #visible: Pick<VisibleServices, 'of'>;
  readonly #now: () => number;
  readonly #outcomes = new Map<string, Outcome>();

  constructor(options: {
    visible: Pick<VisibleServices, 'of'>;
    now: () => number;
  }) {
    this.#visible = options.visible;
    this.#now = options.now;
  }

  of(credentials: BackstageCredentials): Promise<VisibleService[]> {
    // The whole principal: an actor or a restricted token must not profit from what the plain user may do.
    const caller = JSON.stringify(credentials.principal);
    const now = this.#now();
    const known = this.#outcomes.get(caller);
    this.#outcomes.delete(caller);
    const outcome =
      known && now - known.askedAt < OUTCOME_TTL_MS
        ? known
        : this.#ask(caller, credentials, now);
    this.#outcomes.set(caller, outcome);
    trim(this.#outcomes, MAX_CALLERS);
    if (now - outcome.askedAt >= REFRESH_AFTER_MS && !outcome.next) {
      const next = this.#ask(caller, credentials, now);
      outcome.next = next;
      next.services.then(
        () => {
          if (this.#outcomes.get(caller) === outcome) {
            this.#outcomes.set(caller, next);
          }
        },
        () => {},
      );
    }
    return outcome.services;
  }

  /** The age counts from the question, so that nothing older than the limit is ever believed. */
  #ask(
    caller: string,
    credentials: BackstageCredentials,
    askedAt: number,
  ): Outcome {
    const outcome = { services: this.#visible.of(credentials), askedAt };
    outcome.services.catch(() => {
      if (this.#outcomes.get(caller) === outcome) this.#outcomes.delete(caller);
    });
    return outcome;
  }
}
