import { createApp } from '@backstage/frontend-defaults';
import { authModule } from './modules/auth';
import { navModule } from './modules/nav';

/** Everything else is found by `app.packages: all` in app-config.yaml. */
export default createApp({ features: [authModule, navModule] });
