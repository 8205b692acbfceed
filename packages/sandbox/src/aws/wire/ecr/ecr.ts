import {
  DescribeImages$,
  DescribeRepositories$,
  ListImages$,
  type DescribeImagesCommandInput,
  type DescribeImagesCommandOutput,
  type DescribeRepositoriesCommandInput,
  type DescribeRepositoriesCommandOutput,
  type ImageDetail,
  type ImageIdentifier,
  type ListImagesCommandInput,
  type ListImagesCommandOutput,
} from '@aws-sdk/client-ecr';
import { AwsError } from '../../cloud';
import { findRepository } from '../../machine/images';
import { ImageRecord } from '../../records';
import { AwsCall, AwsService, operationMap, reading } from '../operation';
import { newestFirst, pageOf, within } from '../paging';

const sizeOf = (maxResults: number | undefined) =>
  within(maxResults, { name: 'maxResults', most: 1000, otherwise: 100 });

/** Images of a registry; the policies of the sandbox's registries let every account read. */
const imagesOf = (call: AwsCall, registryId: string) =>
  call.records.images.filter(
    image =>
      image.accountId === registryId && image.region === call.place.region,
  );

const noRepository = (name: string | undefined, registryId: string) =>
  new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
  );

/** @throws AwsError RepositoryNotFoundException */
function imagesIn(
  call: AwsCall,
  input: { registryId?: string; repositoryName?: string },
): { images: ImageRecord[]; registryId: string } {
  const { registryId = call.place.accountId, repositoryName } = input;
  const images = imagesOf(call, registryId).filter(
    image => image.repository === repositoryName,
  );
  const { region } = call.place;
  const made = findRepository(
    call.records,
    { accountId: registryId, region },
    repositoryName ?? '',
  );
  if (images.length === 0 && !made) {
    throw noRepository(repositoryName, registryId);
  }
  return { images, registryId };
}

const hasTags = (image: ImageRecord, status: string | undefined) =>
  status === undefined ||
  status === 'ANY' ||
  (status === 'TAGGED') === image.tags.length > 0;

const imageBody = (image: ImageRecord): ImageDetail => ({
  registryId: image.accountId,
  repositoryName: image.repository,
  imageDigest: image.digest,
  imageTags: image.tags.length ? image.tags : undefined,
  imageSizeInBytes: image.sizeInBytes,
  imagePushedAt: new Date(image.pushedAt),
  imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
  artifactMediaType: 'application/vnd.oci.image.config.v1+json',
});

const isImage =
  ({ imageDigest, imageTag }: ImageIdentifier) =>
  (image: ImageRecord): boolean =>
    (imageDigest === undefined || image.digest === imageDigest) &&
    (imageTag === undefined || image.tags.includes(imageTag));

const describeImages = reading<
  DescribeImagesCommandInput,
  DescribeImagesCommandOutput
>(DescribeImages$, (input, call) => {
  const { images, registryId } = imagesIn(call, input);
  const { imageIds } = input;
  if (imageIds?.length) {
    if (input.maxResults !== undefined || input.nextToken !== undefined) {
      throw new AwsError(
        'InvalidParameterException',
        'maxResults and nextToken cannot be given with imageIds.',
      );
    }
    if (imageIds.length > 100) {
      throw new AwsError(
        'InvalidParameterException',
        'imageIds cannot have more than 100 elements.',
      );
    }
    const found = imageIds.map(id => {
      const image = images.find(isImage(id));
      if (!image) {
        throw new AwsError(
          'ImageNotFoundException',
          `The image with imageId {imageDigest:'${
            id.imageDigest ?? 'null'
          }', imageTag:'${
            id.imageTag ?? 'null'
          }'} does not exist within the repository with name '${
            input.repositoryName
          }' in the registry with id '${registryId}'`,
        );
      }
      return image;
    });
    return { imageDetails: [...new Set(found)].map(imageBody) };
  }
  const page = pageOf(
    images.filter(image => hasTags(image, input.filter?.tagStatus)),
    image => newestFirst(image.pushedAt, image.digest),
    { size: sizeOf(input.maxResults), token: input.nextToken },
  );
  return {
    imageDetails: page.items.map(imageBody),
    nextToken: page.nextToken,
  };
});

const listImages = reading<ListImagesCommandInput, ListImagesCommandOutput>(
  ListImages$,
  (input, call) => {
    const { images } = imagesIn(call, input);
    const ids = images
      .filter(image => hasTags(image, input.filter?.tagStatus))
      .flatMap((image): ImageIdentifier[] =>
        image.tags.length === 0
          ? [{ imageDigest: image.digest }]
          : image.tags.map(imageTag => ({
              imageDigest: image.digest,
              imageTag,
            })),
      );
    const page = pageOf(
      ids,
      ({ imageDigest, imageTag = '' }) => `${imageDigest} ${imageTag}`,
      { size: sizeOf(input.maxResults), token: input.nextToken },
    );
    return { imageIds: page.items, nextToken: page.nextToken };
  },
);

const describeRepositories = reading<
  DescribeRepositoriesCommandInput,
  DescribeRepositoriesCommandOutput
>(DescribeRepositories$, (input, call) => {
  const { registryId = call.place.accountId, repositoryNames } = input;
  const { region } = call.place;
  const made = (call.records.repositories ?? []).filter(
    item => item.accountId === registryId && item.region === region,
  );
  const created = new Map(made.map(item => [item.name, item.createdAt]));
  for (const { repository, pushedAt } of imagesOf(call, registryId)) {
    created.set(
      repository,
      Math.min(created.get(repository) ?? Infinity, pushedAt),
    );
  }
  const unknown = repositoryNames?.find(name => !created.has(name));
  if (unknown !== undefined) throw noRepository(unknown, registryId);
  const page = pageOf(
    [...created].filter(
      ([name]) => !repositoryNames?.length || repositoryNames.includes(name),
    ),
    ([name]) => name,
    { size: sizeOf(input.maxResults), token: input.nextToken },
  );
  return {
    repositories: page.items.map(([name, createdAt]) => ({
      repositoryArn: `arn:aws:ecr:${region}:${registryId}:repository/${name}`,
      registryId,
      repositoryName: name,
      repositoryUri: `${registryId}.dkr.ecr.${region}.amazonaws.com/${name}`,
      createdAt: new Date(createdAt),
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
    })),
    nextToken: page.nextToken,
  };
});

export const ECR: AwsService = {
  scope: 'ecr',
  name: 'ecr',
  target: 'AmazonEC2ContainerRegistry_V20150921',
  operations: operationMap([describeImages, listImages, describeRepositories]),
};
