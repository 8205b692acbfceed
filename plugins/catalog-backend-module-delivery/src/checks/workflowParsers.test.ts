import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lint } from './__testUtils__/actionlint';
import { parseErrors } from './__testUtils__/gitHubParser';
import { describeRendered } from './__testUtils__/rendered';
import { renderTemplate } from './__testUtils__/renderTemplate';
import { sampleValues } from './__testUtils__/sampleValues';
import {
  scriptsOf,
  shellcheckFindings,
  syntaxErrors,
} from './__testUtils__/shell';
import { readWorkflows, type Workflow } from './__testUtils__/workflows';

jest.setTimeout(60_000);

describe('parsers take the workflows', () => {
  let reusable: Workflow[];

  beforeAll(async () => {
    const folder = await renderTemplate(
      'platform-workflows',
      sampleValues('platform-workflows'),
    );
    reusable = readWorkflows(folder);
    rmSync(folder, { recursive: true, force: true });
  });

  describeRendered('of', repository => {
    it('GitHub’s own, with the workflows that are called', async () => {
      const own = readWorkflows(repository());
      const known = [...own, ...reusable];
      const errors = await Promise.all(
        own.map(workflow => parseErrors(workflow, known)),
      );
      expect(errors.flat()).toEqual([]);
    });

    it('actionlint', async () => {
      const findings = await Promise.all(readWorkflows(repository()).map(lint));
      expect(findings.flat()).toEqual([]);
    });

    it('bash, and shellcheck where it is', () => {
      const files = readdirSync(repository(), {
        recursive: true,
        encoding: 'utf8',
      })
        .filter(
          path =>
            path.endsWith('.sh') && statSync(join(repository(), path)).isFile(),
        )
        .map(path => ({
          where: path,
          text: readFileSync(join(repository(), path), 'utf8'),
        }));
      const scripts = [
        ...readWorkflows(repository()).flatMap(scriptsOf),
        ...files,
      ];
      expect(scripts.flatMap(syntaxErrors)).toEqual([]);
      expect(scripts.flatMap(shellcheckFindings)).toEqual([]);
    });
  });

  it('and find what is wrong', async () => {
    const wrong = (text: string): Workflow => ({
      path: '.github/workflows/wrong.yml',
      text,
      on: {},
      jobs: {},
    });
    const call = wrong(
      'on: push\njobs:\n  a:\n    permissions: {}\n    uses: ./.github/workflows/ecs-build.yml\n    with: { nothing: 1 }\n',
    );
    expect(await parseErrors(call, reusable)).not.toEqual([]);
    const step = wrong(
      'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - runs: x\n',
    );
    expect(await parseErrors(step, [])).not.toEqual([]);
    expect(await lint(step)).not.toEqual([]);
    expect(syntaxErrors({ where: 'x', text: 'if true; then' })).toHaveLength(1);
  });
});
