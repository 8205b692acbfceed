import {
  resolveCommit,
  wantedShortShas,
  type CommitInput,
} from './resolveCommit';
import {
  digestOf,
  REPOSITORY,
  revision,
  revisionKey,
  runtime,
  sha,
  taskDefinition,
  taskDefinitionOf,
} from './testUtils/environmentFacts';

const LABEL = 'org.opencontainers.image.revision';
const input = (part: Partial<CommitInput> = {}): CommitInput => ({
  ...{ images: new Map(), shortShas: new Map(), records: new Map() },
  ...{ commits: new Map(), ...part },
});
const labelled = (value: string, tag = 'latest') => {
  const definition = taskDefinition(1, tag);
  return {
    ...definition,
    containers: [{ ...definition.containers[0], labels: { [LABEL]: value } }],
  };
};
const inRegistry = (tags: string[], missing?: boolean) =>
  new Map([
    [
      `${REPOSITORY}@${digestOf(1)}`,
      {
        ...{ kind: 'image' as const, repository: REPOSITORY },
        ...{ digest: digestOf(1), tags, missing },
      },
    ],
  ]);

it.each<[string, Partial<CommitInput>, string, string]>([
  [
    'our record of the digest before everything else',
    {
      revision: revision(1, sha('b')),
      taskDefinition: labelled(sha('c')),
      records: new Map([[digestOf(1), sha('a')]]),
    },
    'deployment',
    'high',
  ],
  [
    'the label before the tag',
    { revision: revision(1, sha('b')), taskDefinition: labelled(sha('a')) },
    'label',
    'high',
  ],
  ['a full SHA as tag', { revision: revision(1, sha('a')) }, 'tag', 'medium'],
  [
    'a full SHA with a prefix',
    { revision: revision(1, `sha-${sha('a')}`) },
    'tag',
    'medium',
  ],
  [
    'the task definition alone',
    { taskDefinition: taskDefinition(1, sha('a')) },
    'tag',
    'medium',
  ],
  [
    'the tags of the digest in its registry',
    {
      revision: revision(1, 'latest'),
      images: inRegistry(['latest', `sha-${sha('a')}`]),
    },
    'registry',
    'medium',
  ],
  [
    'a short SHA of one commit',
    {
      revision: revision(1, 'aaaaaaa'),
      shortShas: new Map([['aaaaaaa', sha('a')]]),
    },
    'short_tag',
    'low',
  ],
  [
    'a short SHA in the registry',
    {
      revision: revision(1, 'latest'),
      images: inRegistry(['sha-aaaaaaaa']),
      shortShas: new Map([['aaaaaaaa', sha('a')]]),
    },
    'short_tag',
    'low',
  ],
])('finds the commit by %s', (_, part, source, confidence) => {
  expect(resolveCommit(input(part))).toMatchObject({
    ...{ sha: sha('a'), source, confidence },
  });
});

it.each<[string, Partial<CommitInput>, string, RegExp]>([
  ['latest', { revision: revision(1, 'latest') }, 'tag_latest', /"latest"/],
  ['v123', { revision: revision(1, 'v123') }, 'tag_version', /"v123"/],
  ['1.2.3', { revision: revision(1, '1.2.3') }, 'tag_version', /version/],
  ['a number', { revision: revision(1, '512') }, 'tag_number', /"512"/],
  ['build-512', { revision: revision(1, 'build-512') }, 'tag_number', /number/],
  [
    'a number no commit begins with',
    {
      revision: revision(1, '20261121'),
      shortShas: new Map([['20261121', null]]),
    },
    'tag_number',
    /20261121/,
  ],
  ['no tag', { revision: revision(1, undefined) }, 'tag_none', /no tag/],
  ['a name', { revision: revision(1, 'stable') }, 'tag_other', /"stable"/],
  [
    'an ambiguous short SHA',
    {
      revision: revision(1, 'abc1234'),
      shortShas: new Map([['abc1234', null]]),
    },
    'short_sha_ambiguous',
    /^unknown \(abc1234\?\)/,
  ],
  [
    'a short SHA that nobody looked up',
    { revision: revision(1, 'abc1234') },
    'short_sha_pending',
    /abc1234/,
  ],
  [
    'a short SHA with a wrong answer',
    {
      revision: revision(1, 'abc1234'),
      shortShas: new Map([['abc1234', sha('f')]]),
    },
    'short_sha_ambiguous',
    /abc1234/,
  ],
  [
    'a digest of two commits',
    {
      revision: revision(1, 'stable'),
      images: inRegistry([sha('a'), sha('b')]),
    },
    'tags_ambiguous',
    /2 commits/,
  ],
  [
    'an index manifest, whose child has no tag',
    { revision: revision(1, 'stable'), images: inRegistry([]) },
    'index_manifest',
    /provenance: false/,
  ],
  [
    'an image by digest that became another one',
    {
      revision: revision(1, undefined, {
        images: [
          {
            container: 'api',
            image: `${REPOSITORY}@${digestOf(2)}`,
            digest: digestOf(1),
          },
        ],
      }),
    },
    'index_manifest',
    /index/,
  ],
  [
    'an image that is gone',
    { revision: revision(1, 'stable'), images: inRegistry([], true) },
    'image_missing',
    /not in its registry/,
  ],
  [
    'a registry that is not read',
    {
      taskDefinition: {
        ...taskDefinition(1, undefined),
        containers: [
          {
            ...taskDefinition(1, 'x').containers[0],
            image: 'ghcr.io/acme/api',
          },
        ],
      },
    },
    'registry_not_ecr',
    /ghcr\.io/,
  ],
  [
    'a task definition that is gone',
    { revision: revision(1, 'x', { images: [] }) },
    'task_definition_deregistered',
    /api:1 was deregistered/,
  ],
  [
    'one without containers',
    {
      taskDefinition: {
        ...taskDefinition(1, 'x'),
        status: 'inactive',
        containers: [],
      },
    },
    'task_definition_deregistered',
    /deregistered/,
  ],
  ['nothing', {}, 'revision_not_read', /not read yet/],
])('says why for %s', (_, part, code, message) => {
  const commit = resolveCommit(input(part));
  expect(commit).toMatchObject({ source: 'none', confidence: 'none' });
  expect(commit.sha).toBeUndefined();
  expect(commit.reason?.code).toBe(code);
  expect(commit.reason?.message).toMatch(message);
});

it('knows the commit of a task definition that is only deregistered', () => {
  const inactive = {
    ...taskDefinition(1, sha('a')),
    status: 'inactive' as const,
  };
  expect(resolveCommit(input({ taskDefinition: inactive })).sha).toBe(sha('a'));
});

it('shows a hostile tag as short plain text', () => {
  const tag = `<img src=x onerror=alert(1)>\u001b[31m\u202e${'x'.repeat(
    5_000,
  )}`;
  const { reason, image } = resolveCommit(
    input({ revision: revision(1, tag) }),
  );
  expect(reason?.message.length).toBeLessThan(400);
  expect(reason?.message).toContain('<img src=x onerror=alert(1)>');
  for (const hidden of ['\u001b', '\u202e']) {
    expect(`${reason?.message}${image?.uri}`).not.toContain(hidden);
  }
});

it('adds what is known of the commit, without links that run', () => {
  const commits = new Map([
    [
      sha('a'),
      {
        ...{ sha: sha('a'), title: 'Fix\u0007', at: 5 },
        url: 'data:text/html,x',
      },
    ],
  ]);
  const commit = resolveCommit(
    input({ revision: revision(1, sha('a')), commits }),
  );
  expect(commit).toMatchObject({ title: 'Fix', at: 5 });
  expect(commit.url).toBeUndefined();
});

describe('wantedShortShas', () => {
  it('asks for short SHAs that nothing better tells, once', () => {
    const state = runtime({
      revisions: new Map(
        ['abc1234', 'sha-abc1234', sha('a'), 'latest', 'feed123'].map(
          (tag, i) => [revisionKey(i + 1), revision(i + 1, tag)],
        ),
      ),
      taskDefinitions: new Map([
        [taskDefinitionOf(1), labelled(sha('b'), 'abc1234')],
        [taskDefinitionOf(9), taskDefinition(9, 'bbbbbbb')],
      ]),
      shortShas: new Map([['feed123', null]]),
    });
    expect(wantedShortShas(state)).toEqual(['abc1234', 'bbbbbbb']);
  });
});
