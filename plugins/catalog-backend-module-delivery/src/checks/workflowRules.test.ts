import { rmSync } from 'node:fs';
import { misfits } from './__testUtils__/interfaces';
import { tooMuchForPulls } from './__testUtils__/pullRequests';
import { describeRendered } from './__testUtils__/rendered';
import { renderTemplate } from './__testUtils__/renderTemplate';
import { RULES } from './__testUtils__/rules';
import { silentlySkipped } from './__testUtils__/skippedJobs';
import { sampleValues } from './__testUtils__/sampleValues';
import { readWorkflows, type Workflow } from './__testUtils__/workflows';

describe('workflows', () => {
  let reusable: Workflow[];

  beforeAll(async () => {
    const folder = await renderTemplate(
      'platform-workflows',
      sampleValues('platform-workflows'),
    );
    reusable = readWorkflows(folder).filter(({ on }) => 'workflow_call' in on);
    rmSync(folder, { recursive: true, force: true });
  });

  describeRendered('of', repository => {
    it.each(Object.entries(RULES))('keep %s', (_name, rule) => {
      expect(readWorkflows(repository()).flatMap(rule)).toEqual([]);
    });

    it('give pull requests nothing but reading', () => {
      expect(readWorkflows(repository()).flatMap(tooMuchForPulls)).toEqual([]);
    });

    it('skip no job because of one far before it', () => {
      expect(readWorkflows(repository()).flatMap(silentlySkipped)).toEqual([]);
    });

    it('fit what they call and what they take from each other', () => {
      const own = readWorkflows(repository());
      const known = [...own, ...reusable];
      expect(own.flatMap(workflow => misfits(workflow, known))).toEqual([]);
    });
  });
});
