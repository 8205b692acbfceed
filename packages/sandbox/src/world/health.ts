import type { Health } from '../engine';

/** How healthy each repository is, in history and live. */
export const HEALTH: Record<string, Health> = {
  'vaultex/vaultex': {
    tests: 0.025,
    deployments: 0.012,
    other: 0.006,
    pace: 1,
  },
  'acme/cicd-platform': {
    tests: 0.02,
    deployments: 0.005,
    other: 0.005,
    pace: 0.9,
  },
  'flexi/order-processing': {
    tests: 0.03,
    deployments: 0.03,
    other: 0.01,
    pace: 0.9,
  },
  'eventflow/eventflow': {
    tests: 0.02,
    deployments: 0.05,
    other: 0.01,
    pace: 0.9,
  },
  // The old pipeline installs and builds everything from nothing.
  'acme/legacy-billing': {
    tests: 0.1,
    deployments: 0.12,
    other: 0.1,
    pace: 1.6,
  },
};
