import { rmSync } from 'node:fs';
import { renderTemplate } from './renderTemplate';
import { commandExists } from './runStep';
import { sampleValues } from './sampleValues';

/**
 * `describe` for tests that run scripts of steps: skipped, with the reason printed, where jq is not installed. The callback gets a
 * function that names the folder of the rendered platform-workflows, once tests run.
 */
export function describeSteps(
  title: string,
  body: (repository: () => string) => void,
): void {
  if (!commandExists('jq')) {
    process.stderr.write(
      `Skipped: ${title}. The scripts need jq, which is not installed.\n`,
    );
  }
  (commandExists('jq') ? describe : describe.skip)(title, () => {
    let folder = '';
    beforeAll(async () => {
      folder = await renderTemplate(
        'platform-workflows',
        sampleValues('platform-workflows'),
      );
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    body(() => folder);
  });
}
