import { readConfig } from './config.ts';
import { migrate } from './migrations.ts';

// Runs as a task of its own before the service is updated; its exit code decides whether the deployment goes on.
const applied = await migrate(readConfig(process.env).database, (message) =>
  process.stdout.write(`${message}\n`),
);
process.stdout.write(
  applied.length > 0
    ? `applied ${applied.join(', ')}\n`
    : 'nothing to migrate\n',
);
