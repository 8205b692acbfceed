import { changesOf, migrationsIn, sizeOf } from './evidence';
import { file, range, sha } from './testUtils/approvalFacts';

describe('migrationsIn', () => {
  it.each([
    'migrations/V31__refund_rounding.sql',
    'services/pay/db/migrate/20260101_add.rb',
    'alembic/versions/ab12_add.py',
    'src/main/resources/db/migration/V2__x.sql',
    'flyway/V1.sql',
    'liquibase/changes.xml',
    'db/changelog/2.yaml',
    'prisma/Migrations/2026_add/migration.sql',
  ])('finds %s', path => {
    expect(migrationsIn([file(path)])).toEqual([path]);
  });

  it.each([
    'src/migrations.ts',
    'docs/emigrations/a.md',
    'versions/a.py',
    'migrate/a.rb',
    'migrations/README.md',
    'app/migrations/__init__.py',
    'migrations/.gitkeep',
    'src/migrations-old/a.sql',
  ])('does not take %s for one', path => {
    expect(migrationsIn([file(path)])).toEqual([]);
  });

  it('puts added ones first', () => {
    expect(
      migrationsIn([
        file('migrations/1.sql'),
        file('migrations/3.sql', 'added'),
        file('migrations/0.sql', 'removed'),
        file('migrations/2.sql', 'added'),
      ]),
    ).toEqual([
      'migrations/2.sql',
      'migrations/3.sql',
      'migrations/0.sql',
      'migrations/1.sql',
    ]);
  });

  it('shows hostile names on one line', () => {
    const path = 'migrations/\u202e\n<b>.sql';
    expect(migrationsIn([file(path)])).toEqual(['migrations/ <b>.sql']);
  });
});

describe('sizeOf', () => {
  it('adds up, and says when there is more', () => {
    const files = [
      { path: 'a', status: 'added', additions: 10, deletions: 2 },
      { path: 'b', status: 'removed', additions: 0, deletions: 5 },
    ];
    expect(sizeOf(range({ files, filesCut: true }))).toEqual({
      ...{ files: 2, additions: 10, deletions: 7, atLeast: true },
    });
  });

  it('leaves out what is no number of lines', () => {
    const files = [
      { path: 'a', status: 'x', additions: NaN, deletions: -4 },
      { path: 'b', status: 'x', additions: 3, deletions: 1.5 },
    ];
    expect(sizeOf(range({ files }))).toEqual({
      ...{ files: 2, additions: 3, deletions: 0, atLeast: false },
    });
  });
});

describe('changesOf', () => {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
  const tags = (...args: Parameters<typeof changesOf>) =>
    changesOf(...args).map(({ kind, tag }) => `${kind} ${tag}`);

  it('tells what runs against what comes in', () => {
    expect(
      changesOf({
        component: 'payments-api',
        running: {
          ...{ sha: sha('a'), digest: digest('1') },
          taskDefinition:
            'arn:aws:ecs:eu-west-1:111122223333:task-definition/payments-api:317',
        },
        incoming: { sha: sha('b'), digest: digest('2') },
        range: range({
          files: [
            file('db/migrate/1.sql'),
            file('db/migrate/2.sql', 'added'),
            file('.github/workflows/deploy.yml'),
          ],
        }),
      }),
    ).toEqual([
      {
        ...{ kind: 'commit', name: 'payments-api', tag: 'changed' },
        ...{ running: 'aaaaaaa', incoming: 'bbbbbbb' },
      },
      {
        ...{ kind: 'image', name: 'payments-api', tag: 'changed' },
        ...{ running: 'sha256:11111111111…', incoming: 'sha256:22222222222…' },
      },
      {
        ...{ kind: 'task_definition', name: 'task definition' },
        ...{ running: 'payments-api:317', tag: 'unknown' },
        detail: ['The next one is known once the deployment has made it.'],
      },
      {
        ...{ kind: 'migrations', name: 'database migrations', tag: 'new' },
        incoming: '2.sql and 1 more',
        detail: ['db/migrate/2.sql', 'db/migrate/1.sql'],
      },
      {
        ...{ kind: 'infrastructure', name: 'infrastructure' },
        tag: 'unchanged',
      },
      {
        ...{ kind: 'pipeline', name: 'pipeline', tag: 'changed' },
        ...{ incoming: 'deploy.yml', detail: ['.github/workflows/deploy.yml'] },
      },
    ]);
  });

  it.each([
    [undefined, 'new'],
    [{}, 'unknown'],
    [{ digest: digest('1') }, 'unknown'],
    [{ sha: sha('a') }, 'changed'],
    [{ sha: sha('b') }, 'unchanged'],
  ])('the commit against %j is %s', (running, tag) => {
    const incoming = { sha: sha('b') };
    expect(changesOf({ component: 'x', running, incoming })[0].tag).toBe(tag);
  });

  it.each([
    [{ digest: digest('1') }, digest('1'), 'unchanged'],
    [{ digest: digest('1') }, digest('2'), 'changed'],
    [{ digest: digest('1') }, undefined, 'unknown'],
    [{ sha: sha('a') }, digest('2'), 'unknown'],
    [undefined, digest('2'), 'new'],
  ])('the image of %j against %s is %s', (running, incoming, tag) => {
    const input = {
      ...{ component: 'x', running },
      incoming: { sha: sha('b'), digest: incoming },
    };
    expect(changesOf(input)[1]).toMatchObject({ kind: 'image', tag });
  });

  it('says nothing of files nobody listed, and not "unchanged" of a cut list', () => {
    const input = { component: 'x', incoming: { sha: sha('b') } };
    expect(tags(input)).toEqual(['commit new']);
    expect(tags({ ...input, range: range({ filesCut: true }) })).toEqual([
      'commit new',
      'migrations unknown',
      'infrastructure unknown',
    ]);
  });

  it.each([
    ['terraform/main.tf', 'changed'],
    ['deploy/service.tf', 'changed'],
    ['cdk.json', 'changed'],
    ['infra/lib/stack.ts', 'changed'],
    ['src/infrastructures.ts', 'unchanged'],
    ['src/app.ts', 'unchanged'],
  ])('infrastructure with %s is %s', (path, tag) => {
    const changes = changesOf({
      ...{ component: 'x', incoming: { sha: sha('b') } },
      range: range({ files: [file(path)] }),
    });
    expect(changes.find(({ kind }) => kind === 'infrastructure')?.tag).toBe(
      tag,
    );
  });

  it('lists only so many files', () => {
    const files = Array.from({ length: 300 }, (_, n) =>
      file(`migrations/${n}.sql`),
    );
    const row = changesOf({
      ...{ component: 'x', incoming: { sha: sha('b') } },
      range: range({ files }),
    })[1];
    expect(row).toMatchObject({
      ...{ tag: 'changed', incoming: '0.sql and 299 more' },
    });
    expect(row.detail).toHaveLength(50);
  });
});
