import { App } from 'aws-cdk-lib';
import { loadSettings, settingsOf } from '../lib/settings.ts';
import { WorkerStack } from '../lib/WorkerStack.ts';

const app = new App();
const all = loadSettings();
const settings = settingsOf(all, app.node.tryGetContext('env'));
new WorkerStack(app, `${settings.service}-${settings.environment}`, settings);
