import { createBackend } from '@backstage/backend-defaults';

/** The real backend with a catalog of any size, users on demand, and two routes to compare with. */
const backend = createBackend();

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('./benchUsers'));
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('./benchCatalog'));
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('../../packages/backend/src/modules/demoPolicy'));
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('backstage-plugin-delivery-backend'));
backend.add(import('./baseline'));

backend.start();
