import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Matrix } from 'backstage-plugin-delivery-common';
import { columnsOf, type MatrixRows } from './MatrixRows';
import type { CallerServices } from './CallerServices';
import { PreparedJson } from './PreparedJson';
import { trim } from './trim';
import type { VisibleService } from './VisibleServices';

/** JSON is the larger part: a megabyte for two thousand services. */
const MAX_ANSWERS = 40;

interface Answer {
  json: PreparedJson;
  services: VisibleService[];
  version: number;
}

/** All services a caller may read, with what each of their environments runs. */
export class MatrixService {
  readonly #visible: Pick<CallerServices, 'of'>;
  readonly #rows: MatrixRows;
  readonly #now: () => number;
  readonly #answers = new Map<string, Answer>();

  constructor(options: {
    visible: Pick<CallerServices, 'of'>;
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
      this.#visible.of(credentials),
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
}
