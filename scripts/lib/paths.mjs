import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Node and yarn, when the machine has not the right ones; git-ignored. */
export const TOOLCHAIN = join(ROOT, '.toolchain');
/** The demo's databases, the sandbox's state and the logs; git-ignored. */
export const DATA = process.env.DELIVERY_DATA_DIR ?? join(ROOT, '.data');
