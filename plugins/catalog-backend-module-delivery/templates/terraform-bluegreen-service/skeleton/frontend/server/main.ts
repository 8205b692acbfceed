import { fileURLToPath } from 'node:url';
import { createSite } from './app.ts';

const site = createSite(fileURLToPath(new URL('public', import.meta.url)));
site.listen(Number(process.env.PORT || 8080));

// ECS sends SIGTERM and waits: requests under way are answered first.
process.once('SIGTERM', () => {
  site.close();
  site.closeIdleConnections();
});
