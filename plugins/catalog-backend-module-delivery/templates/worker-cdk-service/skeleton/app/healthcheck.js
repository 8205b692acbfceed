import { askHealth } from './src/health.js';
import { readHealthPort } from './src/config.js';

process.exitCode = (await askHealth({ port: readHealthPort(process.env) })) ? 0 : 1;
