import type {
  Matrix,
  MatrixCell,
  MatrixService,
} from 'backstage-plugin-delivery-common';

const NOW = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;

/** A cell of an environment that runs well. */
export function cell(over: Partial<MatrixCell> = {}): MatrixCell {
  return {
    basis: 'observed',
    sha: '9f31c07a5b0e4f6f8b1c2d3e4f5a6b7c8d9e0f1a',
    since: NOW - 31 * MINUTE,
    health: 'healthy',
    flags: [],
    ...over,
  };
}

/** A service with its cells. */
export function matrixService(
  name: string,
  cells: Record<string, MatrixCell>,
  over: Partial<MatrixService> = {},
): MatrixService {
  return {
    entityRef: `component:default/${name}`,
    title: name,
    system: 'payments',
    owner: 'group:default/payments',
    lag: 0,
    cells,
    ...over,
  };
}

/** Every kind of cell once. */
export function matrix(over: Partial<Matrix> = {}): Matrix {
  return {
    asOf: NOW,
    environments: [
      { name: 'dev', tier: 'development' },
      { name: 'staging', tier: 'staging' },
      { name: 'production', tier: 'production' },
    ],
    services: [
      matrixService(
        'vaultex-api',
        {
          staging: cell({ flags: ['moving'], progress: 66 }),
          production: cell({
            sha: '71be2d0a5b0e4f6f8b1c2d3e4f5a6b7c8d9e0f1a',
            flags: ['waiting'],
            behind: 3,
          }),
        },
        { lag: 3 },
      ),
      matrixService(
        'eventflow-backend',
        {
          staging: cell(),
          production: cell({
            health: 'degraded',
            flags: ['rolled_back', 'drift'],
            note: 'Running d77c1b3, pipeline says e11f0aa.',
          }),
        },
        { system: 'events', owner: 'group:default/events', lag: 5 },
      ),
      matrixService(
        'cicd-platform',
        { production: cell({ health: 'unknown' }) },
        { system: undefined, owner: undefined },
      ),
      matrixService('orders-new', {
        dev: cell({ basis: 'declared', health: 'none' }),
        production: {
          basis: 'none',
          health: 'none',
          flags: [],
        },
      }),
    ],
    ...over,
  };
}

/** As many services as a large company has. */
export function largeMatrix(services: number): Matrix {
  const { environments } = matrix();
  return {
    asOf: NOW,
    environments,
    services: Array.from({ length: services }, (_, index) =>
      matrixService(
        `service-${String(index).padStart(4, '0')}`,
        Object.fromEntries(environments.map(({ name }) => [name, cell()])),
        { system: `system-${index % 40}`, lag: index % 7 },
      ),
    ),
  };
}
