import { sleep as realSleep, type Sleep } from '../github/PersonClient';
import { refOf, type CatalogView } from '../people/reviewers';
import { check, fail, pass, unknown, type Checked } from './items';

const PAUSE_MS = 2_000;
/** The catalog reads a registered location within seconds, but not at once. */
const APPEARS_WITHIN_MS = 30_000;

/** How long somebody looks, and by which clock. */
export interface Looking {
  now?: () => number;
  sleep?: Sleep;
  signal?: AbortSignal;
}

/** Whether the catalog knows the component; looks again for half a minute before it says that this cannot be told. */
export function checkEntity(
  { catalog, credentials }: CatalogView,
  text: string,
  { now = Date.now, sleep = realSleep, signal }: Looking = {},
): Promise<Checked> {
  return check('entity', 'In the catalog', async () => {
    const ref = refOf(text, 'component');
    if (!ref) {
      return fail(
        `${text} is no entity reference`,
        'Look at the input `entityRef` of the template.',
      );
    }
    const end = now() + APPEARS_WITHIN_MS;
    for (;;) {
      if (await catalog.getEntityByRef(ref, { credentials })) return pass(ref);
      const left = end - now();
      if (left <= 0) break;
      await sleep(Math.min(PAUSE_MS, left), signal);
    }
    return unknown(
      `${ref} is not there yet; look at its page in some minutes, and at the location in the catalog if it stays away`,
    );
  });
}
