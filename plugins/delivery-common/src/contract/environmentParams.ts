import { z } from 'zod';
import { entityParams } from './shapes';

/** Names of environments may hold any character, also `/`, which the address carries encoded. */
export const environmentName = z.string().min(1).max(255);
export const environmentParams = entityParams.extend({
  environment: environmentName,
});
