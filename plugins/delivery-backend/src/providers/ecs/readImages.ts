import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import type { ImageFact, RuntimeScope } from 'backstage-plugin-delivery-common';
import type { z } from 'zod';
import { chunks, VendorRefusal, type AwsClients } from './clients';
import { isRegion } from './places';
import { cleanText, imageSchema, list } from './schema';

/** As many as ECR allows in one call. */
const A_CALL = 100;
const REGISTRY =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]{1,40})\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\/([a-z0-9][a-z0-9._/-]{1,255})$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

type Asked = { repository: string; digest: string };
type RawImage = z.output<typeof imageSchema>;

interface EcrRepository extends RuntimeScope {
  name: string;
}

/** Account, region and name in the address of a repository; undefined for any other registry. */
export function parseRepository(uri: string): EcrRepository | undefined {
  const [, accountId, region, name] = REGISTRY.exec(uri) ?? [];
  return name !== undefined && isRegion(region)
    ? { accountId, region, name }
    : undefined;
}

/** See RuntimeProvider.readImages. A repository that cannot be read is left out, unless none can. */
export async function readImages(
  aws: AwsClients,
  images: Asked[],
  signal: AbortSignal,
): Promise<ImageFact[]> {
  const digests = new Map<string, Set<string>>();
  for (const { repository, digest } of images) {
    const known = digests.get(repository) ?? new Set();
    digests.set(repository, known.add(digest));
  }
  const failures: unknown[] = [];
  const facts = new Map<string, ImageFact>();
  const reads = [...digests].map(async ([repository, asked]) => {
    try {
      const read = await readRepository(aws, repository, [...asked], signal);
      for (const fact of read) facts.set(keyOf(fact), fact);
    } catch (error) {
      signal.throwIfAborted();
      aws.logger.warn(
        `Images of ${cleanText(repository, 300)} were not read: ${error}`,
      );
      failures.push(error);
    }
  });
  await Promise.all(reads);
  if (failures.length > 0 && failures.length === digests.size) {
    throw failures[0];
  }
  const keys = new Set(images.map(keyOf));
  return [...keys].flatMap(key => facts.get(key) ?? []);
}

function keyOf({ repository, digest }: Asked): string {
  return `${repository}@${digest}`;
}

async function readRepository(
  aws: AwsClients,
  repository: string,
  digests: string[],
  signal: AbortSignal,
): Promise<ImageFact[]> {
  const place = parseRepository(repository);
  const askable = place ? digests.filter(one => DIGEST.test(one)) : [];
  const parts = chunks(askable, A_CALL).map(part =>
    describe(aws, place as EcrRepository, part, signal),
  );
  const found = new Map(
    (await Promise.all(parts)).flat().map(raw => [raw.imageDigest, raw]),
  );
  return digests.map(digest => {
    const raw = found.get(digest);
    const fact = { kind: 'image' as const, repository, digest };
    return raw
      ? { ...fact, tags: raw.imageTags.sort(), pushedAt: raw.imagePushedAt }
      : { ...fact, tags: [], missing: true };
  });
}

/** ECR refuses all for one it does not have, so that one is taken out; where it is not named, the halves are asked. */
async function describe(
  aws: AwsClients,
  place: EcrRepository,
  digests: string[],
  signal: AbortSignal,
): Promise<RawImage[]> {
  if (digests.length === 0) return [];
  try {
    const answer = await aws.call(
      'ecr',
      place,
      {
        operation: 'DescribeImages',
        signal,
        expected: ['ImageNotFoundException', 'RepositoryNotFoundException'],
      },
      (client, options) =>
        client.send(
          new DescribeImagesCommand({
            registryId: place.accountId,
            repositoryName: place.name,
            imageIds: digests.map(imageDigest => ({ imageDigest })),
          }),
          options,
        ),
    );
    return list(imageSchema, A_CALL).parse(answer.imageDetails);
  } catch (error) {
    if (!(error instanceof VendorRefusal)) throw error;
    if (error.word === 'RepositoryNotFoundException') return [];
    if (digests.length === 1) return [];
    const rest = digests.filter(digest => !error.text.includes(digest));
    const parts =
      rest.length < digests.length
        ? [rest]
        : chunks(digests, Math.ceil(digests.length / 2));
    const found = await Promise.all(
      parts.map(part => describe(aws, place, part, signal)),
    );
    return found.flat();
  }
}
