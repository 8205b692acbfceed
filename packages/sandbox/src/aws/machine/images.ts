import { hashUnit } from '../../engine/random';
import { AwsError } from '../cloud';
import type {
  AwsPlace,
  AwsRecords,
  ImageRecord,
  RepositoryRecord,
  RevisionRecord,
  TaskDefinitionRecord,
} from '../records';

/** A reference to an image in ECR, taken apart. */
export interface ImageReference extends AwsPlace {
  repository: string;
  tag?: string;
  digest?: string;
}

const ECR =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^@:]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]+))?$/;

/** Undefined for an image of any other registry. */
export function parseImage(image: string): ImageReference | undefined {
  const match = ECR.exec(image);
  if (!match) return undefined;
  const [, accountId, region, repository, tag, digest] = match;
  return {
    accountId,
    region,
    repository,
    ...(digest ? { digest } : { tag: tag ?? 'latest' }),
  };
}

/** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>` */
export const repositoryUri = (place: AwsPlace, repository: string) =>
  `${place.accountId}.dkr.ecr.${place.region}.amazonaws.com/${repository}`;

/** What is pushed. */
export interface NewImage {
  repository: string;
  digest: string;
  tags: string[];
  /** Of its configuration. */
  labels?: Record<string, string>;
}

/** A repository that was made on purpose. */
export const findRepository = (
  records: AwsRecords,
  place: AwsPlace,
  name: string,
): RepositoryRecord | undefined =>
  records.repositories?.find(
    item =>
      item.name === name &&
      item.accountId === place.accountId &&
      item.region === place.region,
  );

const publicDigest = (image: string) =>
  `sha256:${[0, 1, 2, 3, 4, 5, 6, 7]
    .map(part =>
      Math.floor(hashUnit(image, part) * 0x100000000)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')}`;

/** The registries: which digest a tag stands for. */
export class Images {
  /** By account, region, repository and digest, or tag. */
  readonly #known = new Map<string, ImageRecord>();
  #seen = 0;

  constructor(private readonly records: AwsRecords) {}

  #key(place: AwsPlace, repository: string, what: string): string {
    return `${place.accountId}/${place.region}/${repository}@${what}`;
  }

  #note(image: ImageRecord): void {
    for (const what of [image.digest, ...image.tags]) {
      this.#known.set(this.#key(image, image.repository, what), image);
    }
  }

  find(
    place: AwsPlace,
    repository: string,
    tagOrDigest: string,
  ): ImageRecord | undefined {
    const { images } = this.records;
    for (; this.#seen < images.length; this.#seen += 1) {
      this.#note(images[this.#seen]);
    }
    return this.#known.get(this.#key(place, repository, tagOrDigest));
  }

  /**
   * Pushes an image; a tag that another one had moves to it.
   * @throws AwsError ImageTagAlreadyExistsException when the repository lets no tag be pushed again
   */
  put(place: AwsPlace, image: NewImage, at: number): void {
    const { repository, digest, tags, labels } = image;
    if (!/^sha256:[0-9a-f]+$/.test(digest)) {
      throw new AwsError(
        'InvalidParameterException',
        `Invalid parameter at 'imageDigest' failed to satisfy constraint: 'must satisfy regular expression 'sha256:[0-9a-f]{64}''`,
      );
    }
    const immutable =
      findRepository(this.records, place, repository)?.mutability ===
      'IMMUTABLE';
    for (const tag of tags) {
      const holder = this.find(place, repository, tag);
      if (holder && immutable && holder.tags.includes(tag)) {
        throw new AwsError(
          'ImageTagAlreadyExistsException',
          `The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the repository is immutable.`,
        );
      }
      if (holder && holder.digest !== digest) {
        holder.tags = holder.tags.filter(other => other !== tag);
      }
    }
    const known = this.find(place, repository, digest);
    if (known) {
      known.tags = [...new Set([...known.tags, ...tags])];
      this.#note(known);
      return;
    }
    this.records.images.push({
      accountId: place.accountId,
      region: place.region,
      repository,
      digest,
      tags: [...new Set(tags)],
      pushedAt: at,
      sizeInBytes: 60e6 + Math.floor(hashUnit(repository, digest) * 120e6),
      ...(labels && { labels: { ...labels } }),
    });
  }

  /** @throws AwsError RepositoryAlreadyExistsException */
  createRepository(
    place: AwsPlace,
    {
      name,
      mutability,
      tags,
    }: Pick<RepositoryRecord, 'name' | 'mutability' | 'tags'>,
    at: number,
  ): RepositoryRecord {
    const { accountId, region } = place;
    if (findRepository(this.records, place, name)) {
      throw new AwsError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${accountId}'`,
      );
    }
    const made = {
      accountId,
      region,
      name,
      createdAt: at,
      mutability,
      tags: { ...tags },
    };
    this.records.repositories = [...(this.records.repositories ?? []), made];
    return made;
  }

  /** Digest of an image as ECS resolves it; undefined when its tag is not in the registry. */
  digestOf(image: string): string | undefined {
    const reference = parseImage(image);
    if (!reference) return publicDigest(image);
    if (reference.digest) return reference.digest;
    const { repository, tag = 'latest' } = reference;
    return this.find(reference, repository, tag)?.digest;
  }

  /** Images of a definition; the digest of one that cannot be pulled is empty. */
  resolve(definition: TaskDefinitionRecord): RevisionRecord['images'] {
    return definition.containers.map(({ name, image }) => ({
      container: name,
      image,
      digest: this.digestOf(image) ?? '',
    }));
  }
}
