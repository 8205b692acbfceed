import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { renderTemplate } from './__testUtils__/renderTemplate';
import { sampleValues } from './__testUtils__/sampleValues';
import { fetchSteps, hasWorkflows, TEMPLATES } from './__testUtils__/templates';

jest.setTimeout(60_000);

/** Every path of an object: `repository.slug`. */
function paths(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [prefix];
  }
  if ('$delivery' in value) return [prefix];
  return Object.entries(value).flatMap(([key, item]) =>
    paths(item, prefix === '' ? key : `${prefix}.${key}`),
  );
}

const covers = (given: string, wanted: string) =>
  given === wanted || given.startsWith(`${wanted}.`);

function allFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    path => statSync(join(folder, path)).isFile(),
  );
}

describe.each(TEMPLATES.filter(hasWorkflows))('%s', id => {
  const awkward = {
    description: 'He said "yes": {{ all }} of it # really\\',
    system: 'parcels',
    monorepo: true,
  };
  let plain: string;
  let odd: string;

  beforeAll(async () => {
    plain = await renderTemplate(id, sampleValues(id));
    odd = await renderTemplate(id, sampleValues(id, awkward));
  });
  afterAll(() => {
    rmSync(plain, { recursive: true, force: true });
    rmSync(odd, { recursive: true, force: true });
  });

  it('is given the values that its fetch step names', () => {
    const given = paths(sampleValues(id));
    for (const { input } of fetchSteps(id)) {
      const missing = paths(input.values).filter(
        wanted => !given.some(item => covers(item, wanted)),
      );
      const wanted = paths(input.values);
      const invented = given.filter(
        item => !wanted.some(name => covers(item, name)),
      );
      expect({ missing, invented }).toEqual({ missing: [], invented: [] });
    }
  });

  it('leaves nothing of the template language behind', () => {
    for (const folder of [plain, odd]) {
      const left = allFiles(folder).filter(path => {
        const text = readFileSync(join(folder, path), 'utf8');
        return (
          path.endsWith('.njk') ||
          path.includes('${{') ||
          /\$\{\{\s*values\b|\{%-?\s*(raw|endraw|if|endif|for|endfor|set)\b/.test(
            text,
          )
        );
      });
      expect(left).toEqual([]);
    }
  });

  it('has the files that every repository has', () => {
    const wanted = [
      'catalog-info.yaml',
      'mkdocs.yml',
      'README.md',
      'docs/index.md',
      'docs/runbook.md',
      '.github/CODEOWNERS',
      '.github/dependabot.yml',
      '.gitignore',
    ];
    for (const folder of [plain, odd]) {
      expect(wanted.filter(path => !existsSync(join(folder, path)))).toEqual(
        [],
      );
    }
  });

  it('keeps an awkward description whole in the catalog file', () => {
    const entity = parse(
      readFileSync(join(odd, 'catalog-info.yaml'), 'utf8').split(/^---$/m)[0],
    );
    expect(entity.metadata.description).toBe(awkward.description);
    expect(entity.spec.system).toBe('parcels');
    expect(entity.metadata.annotations['delivery.platform/template']).toBe(
      `${id}@1.0.0`,
    );
  });

  it('writes only YAML that parses', () => {
    const documents = [plain, odd].flatMap(folder =>
      allFiles(folder)
        // CloudFormation has tags of its own and a test of its own.
        .filter(path => /\.ya?ml$/.test(path) && !path.startsWith('onboarding'))
        .flatMap(path =>
          readFileSync(join(folder, path), 'utf8').split(/^---$/m),
        ),
    );
    for (const text of documents) {
      expect(() => parse(text, { logLevel: 'error' })).not.toThrow();
    }
  });
});
