import { createApp } from '@backstage/frontend-defaults';
import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
// The demo portal's own way to sign in; it is no package anybody else could use.
// eslint-disable-next-line @backstage/no-forbidden-package-imports
import { authModule } from 'app/src/modules/auth';

/** A tab with nothing in it: what any tab of a service costs. */
const plainTab = EntityContentBlueprint.make({
  name: 'plain',
  params: {
    path: '/plain',
    title: 'Plain',
    loader: async () => <h2 data-testid="plain">Plain</h2>,
  },
});

const plainModule = createFrontendModule({
  pluginId: 'catalog',
  extensions: [plainTab],
});

/** Which plugins there are, `app.packages` of the build decides: bench/lib/benchApp.mjs. */
export default createApp({ features: [authModule, plainModule] });
