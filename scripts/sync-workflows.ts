/**
 * Writes what the template `platform-workflows` renders with the demo's configuration into the sandbox, where it is the second version of
 * acme/platform-workflows: the services that the demo creates call it. `--check` only compares, and ends with 1 when they differ.
 */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createFetchTemplateAction } from '@backstage/plugin-scaffolder-backend';
import { parse } from 'yaml';

const ROOT = resolve(__dirname, '..');
const TEMPLATE = join(
  ROOT,
  'plugins/catalog-backend-module-delivery/templates/platform-workflows',
);
const SANDBOX = join(
  ROOT,
  'packages/sandbox/src/world/files/acme/platform-workflows-v2',
);

interface Demo {
  delivery: {
    templates: { images: Record<string, string>; imageProof: string };
  };
}

interface Template {
  spec: { steps: { action: string; input: { url: string } & object }[] };
}

const read = <T>(file: string) => parse(readFileSync(file, 'utf8')) as T;

/** Values as the form of the demo would give them. */
function values() {
  const { templates } = read<Demo>(join(ROOT, 'app-config.yaml')).delivery;
  return {
    name: 'platform-workflows',
    description: 'Reusable workflows for services on ECS',
    owner: 'group:default/platform',
    ...{ system: '', team: 'acme/platform', visibility: 'public' },
    ...{ images: templates.images, imageProof: templates.imageProof },
    repository: {
      ...{ host: 'github.com', owner: 'acme', name: 'platform-workflows' },
      slug: 'acme/platform-workflows',
    },
    template: { id: 'platform-workflows', version: '1.0.0' },
  };
}

async function render(): Promise<string> {
  const workspacePath = mkdtempSync(join(tmpdir(), 'workflows-'));
  const action = createFetchTemplateAction({
    integrations: ScmIntegrations.fromConfig(new ConfigReader({})),
    // The skeleton lies beside its template: nothing is read from an address.
    reader: {} as never,
  });
  const { steps } = read<Template>(join(TEMPLATE, 'template.yaml')).spec;
  for (const step of steps.filter(each => each.action === 'fetch:template')) {
    await action.handler({
      workspacePath,
      logger: {
        info() {},
        warn: console.warn,
        error: console.error,
        debug() {},
      },
      output() {},
      createTemporaryDirectory: async () =>
        mkdtempSync(join(tmpdir(), 'skeleton-')),
      templateInfo: {
        entityRef: 'template:default/platform-workflows',
        baseUrl: `file://${TEMPLATE}/template.yaml`,
      },
      input: { ...step.input, values: values() },
    } as never);
  }
  return workspacePath;
}

function filesOf(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(file => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]),
  );
}

/** On disk the sandbox's code has `.txt` behind its name, so that our own tools leave it alone. */
const CODE = /\.(mjs|js|ts|json)$/;

async function main() {
  const rendered = await render();
  try {
    const wanted = new Map(
      [...filesOf(rendered)].map(([name, text]) => [
        CODE.test(name) ? `${name}.txt` : name,
        text,
      ]),
    );
    if (!process.argv.includes('--check')) {
      rmSync(SANDBOX, { recursive: true, force: true });
      for (const name of filesOf(rendered).keys()) {
        const to = CODE.test(name) ? `${name}.txt` : name;
        cpSync(join(rendered, name), join(SANDBOX, to), { recursive: true });
      }
      console.log(`${wanted.size} files written.`);
      return;
    }
    const there = filesOf(SANDBOX);
    const differ = [...new Set([...wanted.keys(), ...there.keys()])].filter(
      name => wanted.get(name) !== there.get(name),
    );
    if (differ.length > 0) {
      console.error(
        `The sandbox's copy of the workflows is not what the template renders: ${differ.join(
          ', ',
        )}. Run: yarn sync-workflows`,
      );
      process.exitCode = 1;
    }
  } finally {
    rmSync(rendered, { recursive: true, force: true });
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
