import { execFileSync } from 'node:child_process';
import { loadSettings } from '../lib/settings.ts';

/** Synthesises the stack of every environment into cdk.out/<environment>; needs no credentials. */
for (const environment of Object.keys(loadSettings().environments)) {
  const options = ['-c', `env=${environment}`, '--output', `cdk.out/${environment}`];
  execFileSync('cdk', ['synth', '--quiet', ...options], { stdio: 'inherit' });
}
