import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import type * as Library from '@actions/workflow-parser';
import type { Workflow } from './workflows';

/**
 * GitHub's own parser is an ES module with a JSON import that neither Node's nor Jest's `require` takes: a CommonJS bundle in a
 * folder of its own is loaded by Node's `require`, past Jest's.
 */
function load(): typeof Library {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-parser-'));
  try {
    const outfile = join(folder, 'parser.cjs');
    buildSync({
      stdin: {
        contents: `export * from '@actions/workflow-parser'`,
        resolveDir: __dirname,
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile,
      logLevel: 'error',
    });
    const { createRequire } = process.getBuiltinModule('node:module');
    return createRequire(outfile)(outfile) as typeof Library;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let library: typeof Library | undefined;

/**
 * What GitHub's parser says against a workflow file, called workflows included: their inputs, secrets and permissions are resolved as
 * GitHub does it.
 *
 * @param known - the files that calls may lead to, found by their file name
 */
export async function parseErrors(
  workflow: Workflow,
  known: readonly Workflow[],
): Promise<string[]> {
  library ??= load();
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } =
    library;
  const result = parseWorkflow(
    { name: workflow.path, content: workflow.text },
    new NoOperationTraceWriter(),
  );
  const { context, value } = result;
  if (!value) return context.errors.getErrors().map(({ message }) => message);
  const template = await convertWorkflowTemplate(
    context,
    value,
    {
      async getFileContent(reference) {
        const path = 'path' in reference ? String(reference.path) : '';
        const found = known.find(
          item => basename(item.path) === basename(path),
        );
        if (!found) throw new Error(`${path} is not known`);
        return { name: found.path, content: found.text };
      },
    },
    { fetchReusableWorkflowDepth: 1 },
  );
  return [
    ...context.errors.getErrors().map(({ message }) => message),
    ...(template.errors ?? []).map(({ Message }) => Message),
  ];
}
