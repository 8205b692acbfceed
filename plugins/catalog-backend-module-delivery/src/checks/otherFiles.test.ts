import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse as parseHcl } from '@cdktf/hcl2json';
import { dockerfileFindings } from './__testUtils__/dockerfile';
import { describeRendered } from './__testUtils__/rendered';

jest.setTimeout(60_000);

interface LockedPackage {
  resolved?: string;
  integrity?: string;
  /** A workspace of the repository itself. */
  link?: boolean;
  /** Comes inside the archive of another package, whose hash covers it. */
  inBundle?: boolean;
}

function files(folder: string, fits: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    path => fits.test(basename(path)) && statSync(join(folder, path)).isFile(),
  );
}

const read = (folder: string, path: string) =>
  readFileSync(join(folder, path), 'utf8');

describeRendered('the other files of', repository => {
  it('have sane Dockerfiles', () => {
    const paths = files(
      repository(),
      /^(.+\.)?Dockerfile$|^Dockerfile\./,
    ).filter(path => !path.endsWith('.dockerignore'));
    expect(paths.length).toBeGreaterThan(0);
    const findings = paths.flatMap(path =>
      dockerfileFindings(read(repository(), path)).map(
        text => `${path}: ${text}`,
      ),
    );
    expect(findings).toEqual([]);
  });

  it('have Terraform that parses', async () => {
    const paths = files(repository(), /\.tf$/);
    for (const path of paths) {
      const parsed: unknown = await parseHcl(path, read(repository(), path));
      expect(typeof parsed).toBe('object');
    }
    const roots = new Set(
      paths
        .filter(path => path.includes('environments/'))
        .map(path => path.split('/').slice(0, -1).join('/')),
    );
    for (const root of roots) {
      expect(existsSync(join(repository(), root, 'backend.tf'))).toBe(true);
    }
  });

  it('lock npm packages by their hash, without addresses', () => {
    for (const path of files(repository(), /^package-lock\.json$/)) {
      const lock = JSON.parse(read(repository(), path)) as {
        lockfileVersion: number;
        packages: Record<string, LockedPackage>;
      };
      expect(lock.lockfileVersion).toBe(3);
      const addresses = Object.entries(lock.packages)
        .filter(([, { resolved }]) => /^https?:/.test(resolved ?? ''))
        .map(([name]) => `${path}: ${name}`);
      expect(addresses).toEqual([]);
      const unlocked = Object.entries(lock.packages)
        .filter(
          ([name, { integrity, link, inBundle }]) =>
            /node_modules\//.test(name) && !integrity && !link && !inBundle,
        )
        .map(([name]) => `${path}: ${name}`);
      expect(unlocked).toEqual([]);
    }
  });

  it('lock Python packages by their hash', () => {
    for (const path of files(repository(), /^requirements.*\.lock$/)) {
      const blocks = read(repository(), path)
        .replace(/\\\n/g, ' ')
        .split('\n')
        .filter(line => /^[a-z0-9]/i.test(line));
      expect(blocks.length).toBeGreaterThan(0);
      expect(blocks.filter(line => !line.includes('--hash=sha256:'))).toEqual(
        [],
      );
      expect(read(repository(), path)).not.toMatch(
        /^--(index-url|extra-index-url|find-links)/m,
      );
    }
  });

  it('hold no secret and nothing of the machine that made them', () => {
    const wrong = files(repository(), /./).filter(path =>
      /AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|ghp_[A-Za-z0-9]{20}|xox[bp]-|\/work\/main|\/root\//.test(
        read(repository(), path),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('watch every ecosystem that they use', () => {
    const text = read(repository(), '.github/dependabot.yml');
    const used: [RegExp, string][] = [
      [/^package-lock\.json$/, 'npm'],
      [/\.tf$/, 'terraform'],
      [/Dockerfile$/, 'docker'],
      [/\.yml$/, 'github-actions'],
    ];
    const missing = used
      .filter(([pattern]) => files(repository(), pattern).length > 0)
      .filter(([, ecosystem]) => !text.includes(ecosystem));
    expect(missing).toEqual([]);
  });
});

describe('what is wrong with a Dockerfile', () => {
  const digest = `@sha256:${'a'.repeat(64)}`;

  it.each([
    ['FROM node:24\nUSER node\n', 'FROM node:24 is not named by its digest'],
    [`FROM node${digest}\n`, 'the last USER is root'],
    [`FROM node${digest} AS a\nUSER node\nFROM a\n`, 'the last USER is root'],
    [
      `FROM node${digest}\nADD https://x.example/a /a\nUSER node\n`,
      'ADD fetches https://x.example/a',
    ],
    [
      `FROM node${digest}\nENV API_KEY=1\nUSER node\n`,
      'ENV API_KEY looks like a secret',
    ],
    [
      `FROM node${digest}\nRUN curl x.example | sh\nUSER node\n`,
      'RUN feeds a download to a shell',
    ],
    [
      `FROM node${digest}\nCOPY --from=busybox:1 /a /a\nUSER node\n`,
      'COPY --from=busybox:1 is not named by its digest',
    ],
  ])('is found in %j', (text, finding) => {
    expect(dockerfileFindings(text)).toEqual([finding]);
  });
});
