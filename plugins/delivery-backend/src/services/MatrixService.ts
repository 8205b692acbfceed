import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Matrix } from 'backstage-plugin-delivery-common';
import { columnsOf, type MatrixRows } from './MatrixRows';
import { PreparedJson } from './PreparedJson';
import type { VisibleService, VisibleServices } from './VisibleServices';

/** A stale "allowed" is a security property: what a caller sees is believed at most ten seconds. */
const OUTCOME_TTL_MS = 10_000;
/** An outcome in use is asked anew before its end, so that nobody who comes often waits for the catalog. */
const REFRESH_AFTER_MS = 4_000;
const MAX_CALLERS = 200;
/** JSON is the larger part: a megabyte for two thousand services. */
const MAX_ANSWERS = 40;

interface Outcome {
  services: Promise<VisibleService[]>;
  askedAt: number;
  next?: Outcome;
}

interface Answer {
  json: PreparedJson;
  services: VisibleService[];
  version: number;
}

/** All services a caller may read, with what each of their environments runs. */
export class MatrixService {
  readonly #visible: Pick<VisibleServices, 'of'>;
  readonly #rows: MatrixRows;
  readonly #now: () => number;
  readonly #outcomes = new Map<string, Outcome>();
  readonly #answers = new Map<string, Answer>();

  constructor(options: {
    visible: Pick<VisibleServices, 'of'>;
    rows: MatrixRows;
    now: () => number;
  }) {
    this.#visible = options.visible;
    this.#rows = options.rows;
    this.#now = options.now;
  }

  async matrix(credentials: BackstageCredentials): Promise<PreparedJson> {
    // The whole principal: an actor or a restricted token must not profit from what the plain user may do.
    const caller = JSON.stringify(credentials.principal);
    const [services, { rows, version }] = await Promise.all([
      this.#servicesOf(caller, credentials),
      this.#rows.current(),
    ]);
    const known = this.#answers.get(caller);
    this.#answers.delete(caller);
    if (known && known.version === version && known.services === services) {
      this.#answers.set(caller, known);
      return known.json;
    }
    const shown = services.flatMap(service => {
      const row = rows.get(service.entityRef);
      return row ? [{ service, row }] : [];
    });
    const matrix: Matrix = {
      environments: columnsOf(shown.map(({ row }) => row)),
      services: shown.map(({ service, row: { lag, cells } }) => ({
        ...service,
        ...{ lag, cells },
      })),
      asOf: this.#now(),
    };
    const json = PreparedJson.of(matrix);
    this.#answers.set(caller, { json, services, version });
    trim(this.#answers, MAX_ANSWERS);
    return json;
  }

  #servicesOf(
    caller: string,
    credentials: BackstageCredentials,
  ): Promise<VisibleService[]> {
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

/** The least recently used go first. */
function trim(kept: Map<string, unknown>, most: number) {
  for (const oldest of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(oldest);
  }
}
