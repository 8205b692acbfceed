import * as fc from 'fast-check';
import { Refusal } from './__testUtils__/fakeAws';
import { never, REGION, useAws } from './__testUtils__/setup';
import { parseRepository } from './readImages';

const setup = useAws();

describe('images', () => {
  const registry = `111111111111.dkr.ecr.${REGION}.amazonaws.com`;
  const digest = (i: number) => `sha256:${i.toString(16).padStart(64, '0')}`;

  /** A registry that has those images, and names what it misses, or not. */
  function registryWith(has: Set<string>, names: boolean) {
    setup.aws.answers.DescribeImages = ({ imageIds }) => {
      const asked = (imageIds as { imageDigest: string }[]).map(
        one => one.imageDigest,
      );
      const missing = asked.find(one => !has.has(one));
      if (missing) {
        return new Refusal(
          'ImageNotFoundException',
          names
            ? `The image with imageId {imageDigest:'${missing}'} does not exist`
            : 'no',
        );
      }
      return {
        imageDetails: asked.map(imageDigest => ({
          imageDigest,
          imageTags: ['b', 'a'],
          imagePushedAt: 1795000000,
        })),
      };
    };
  }

  it('tell their tags, read where the registry is', async () => {
    registryWith(new Set([digest(1)]), true);
    const repository = `${registry}/team/app`;
    const asked: string[] = [];
    const provider = setup.provider({
      credentials: async accountId => {
        asked.push(accountId);
        return async () => ({ accessKeyId: 'A', secretAccessKey: 's' });
      },
    });
    expect(
      await provider.readImages([{ repository, digest: digest(1) }], never),
    ).toEqual([
      {
        kind: 'image',
        repository,
        digest: digest(1),
        tags: ['a', 'b'],
        pushedAt: 1795000000000,
      },
    ]);
    expect(asked).toEqual(['111111111111']);
    expect(setup.aws.heard[0].input).toMatchObject({
      registryId: '111111111111',
      repositoryName: 'team/app',
    });
  });

  it('of other registries are missing without a call', async () => {
    const repositories = [
      'docker.io/library/nginx',
      `${registry}.evil.example/app`,
      `1.dkr.ecr.${REGION}.amazonaws.com/app`,
      '111111111111.dkr.ecr.evil.amazonaws.com/app',
      `${registry}/../app`,
    ];
    const facts = await setup.provider().readImages(
      repositories.map(repository => ({ repository, digest: digest(1) })),
      never,
    );
    expect(facts.map(fact => [fact.repository, fact.missing])).toEqual(
      repositories.map(repository => [repository, true]),
    );
    expect(setup.calls).toEqual([]);
  });

  it('that are missing never spoil the others', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(500), { minLength: 1, maxLength: 130 }),
        fc.array(fc.nat(500), { maxLength: 6 }),
        fc.boolean(),
        async (asked, gone, names) => {
          const has = asked.filter(i => !gone.includes(i));
          registryWith(new Set(has.map(digest)), names);
          const facts = await setup.provider().readImages(
            asked.map(i => ({
              repository: `${registry}/app`,
              digest: digest(i),
            })),
            never,
          );
          expect(facts.map(fact => fact.digest)).toEqual(asked.map(digest));
          expect(
            facts.filter(fact => !fact.missing).map(fact => fact.digest),
          ).toEqual(has.map(digest));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are one call a repository and hundred digests', async () => {
    const all = Array.from({ length: 150 }, (_, i) => i);
    registryWith(new Set(all.map(digest)), true);
    await setup.provider().readImages(
      ['a-app', 'b-app'].flatMap(name =>
        all.map(i => ({
          repository: `${registry}/${name}`,
          digest: digest(i),
        })),
      ),
      never,
    );
    expect(setup.calls).toHaveLength(4);
  });

  it('of a repository that may not be read are left out, and said in the log', async () => {
    setup.aws.answers.DescribeImages = ({ repositoryName }) =>
      repositoryName === 'secret'
        ? new Refusal('AccessDeniedException', 'no')
        : { imageDetails: [{ imageDigest: digest(1), imageTags: ['x'] }] };
    const facts = await setup.provider().readImages(
      ['secret', 'open'].map(name => ({
        repository: `${registry}/${name}`,
        digest: digest(1),
      })),
      never,
    );
    expect(facts).toMatchObject([{ repository: `${registry}/open` }]);
  });

  it('know the addresses of every partition', () => {
    expect(
      [
        '111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn/app',
        '111111111111.dkr.ecr-fips.us-gov-west-1.amazonaws.com/app',
        '111111111111.dkr-ecr.eu-west-1.on.aws/app',
      ].map(uri => parseRepository(uri)?.region),
    ).toEqual(['cn-north-1', 'us-gov-west-1', 'eu-west-1']);
  });
});
