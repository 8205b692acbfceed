import { NotFoundError } from '@backstage/errors';
import type { EnvironmentRow } from '../database/EnvironmentStore';
import { withCode } from './errors';

/**
 * One of a service's environments.
 *
 * @throws `NotFoundError` that names those there are
 */
export function requireEnvironment(
  entityRef: string,
  rows: EnvironmentRow[],
  name: string,
): EnvironmentRow {
  const row = rows.find(item => item.environment.name === name);
  if (row) return row;
  const known = rows.map(item => item.environment.name).join(', ');
  throw withCode(
    new NotFoundError(
      known === ''
        ? `${entityRef} has no environment "${name}"; it has none at all yet.`
        : `${entityRef} has no environment "${name}"; it has ${known}.`,
    ),
    'environment_not_found',
    { entityRef, environment: name, known },
  );
}
