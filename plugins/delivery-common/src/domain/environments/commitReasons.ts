import type { TaskDefinitionFact } from '../../runtime';
import { isEcr, type ImageName } from './images';
import { lastPart, plain } from './vendorText';

/** Why a commit is not known, and what helps. */
export interface Reason {
  code: string;
  message: string;
}

const BETTER =
  'Tag images with the full SHA, or give the container the label org.opencontainers.image.revision.';

/** The registry's word of the digest that runs, as far as it was asked. */
export interface RegistryAnswer {
  tags: string[];
  missing?: boolean;
}

/** What is known of an image without a commit. */
export interface Unresolved {
  image: ImageName;
  /** The digest the runtime resolved the image to. */
  digest?: string;
  registry?: RegistryAnswer;
  /** The short SHA it is tagged with; `null`: none or several commits begin so; undefined: not looked up yet. */
  short?: { text: string; found: null | undefined };
  /** Commits that tags of the same digest name, when they name several. */
  rivals: string[];
  taskDefinition?: TaskDefinitionFact;
}

/** Says why the commit of an image is not known. */
export function reasonOf(unresolved: Unresolved): Reason {
  const { image, digest, registry, short, rivals } = unresolved;
  if (registry?.missing) {
    return {
      code: 'image_missing',
      message: `The image that runs is not in its registry any more, so its tags cannot be read. ${BETTER}`,
    };
  }
  if (rivals.length > 1) {
    return {
      code: 'tags_ambiguous',
      message: `The image that runs has tags of ${rivals.length} commits, so none of them is certain. ${BETTER}`,
    };
  }
  if (short) return shortReason(short);
  const mutable = image.tag?.toLowerCase() === 'latest';
  const isChild =
    digest !== undefined &&
    ((image.digest !== undefined && image.digest !== digest) ||
      (!mutable && image.tag !== undefined && registry?.tags.length === 0));
  if (isChild) {
    return {
      code: 'index_manifest',
      message: `ECS runs ${plain(
        digest,
        19,
      )}, a part of an image index whose own digest is another one, so no record and no tag fits. Push a plain manifest (provenance: false, sbom: false), or give the container the label org.opencontainers.image.revision.`,
    };
  }
  const inactive = unresolved.taskDefinition?.status === 'inactive';
  if (inactive && !digest) {
    return deregistered(unresolved.taskDefinition?.taskDefinition);
  }
  return tagReason(image);
}

/** For a task definition that nobody can read any more. */
export function deregistered(taskDefinition: string | undefined): Reason {
  const name = taskDefinition
    ? `The task definition ${lastPart(taskDefinition)}`
    : 'The task definition';
  return {
    code: 'task_definition_deregistered',
    message: `${name} was deregistered, or is not told by ECS any more, so nothing says what it runs. Keep the task definitions of what is deployed.`,
  };
}

/** For a revision of which nothing was read. */
export const NOT_READ: Reason = {
  code: 'revision_not_read',
  message:
    'What this revision is made of was not read yet. It is shown when the runtime has told it.',
};

function shortReason({
  text,
  found,
}: NonNullable<Unresolved['short']>): Reason {
  return found === null
    ? {
        code: 'short_sha_ambiguous',
        message: `unknown (${text}?): no commit of the repository, or more than one, begins with it. ${BETTER}`,
      }
    : {
        code: 'short_sha_pending',
        message: `unknown (${text}?): the short SHA was not looked up in the repository yet.`,
      };
}

function tagReason({ repository, tag }: ImageName): Reason {
  const shown = plain(tag, 60);
  if (!shown) {
    return isEcr(repository) || repository === ''
      ? {
          code: 'tag_none',
          message: `The image has no tag that names a commit. ${BETTER}`,
        }
      : notEcr(repository);
  }
  if (shown.toLowerCase() === 'latest') {
    return {
      code: 'tag_latest',
      message: `The image is tagged "latest", which says nothing of a commit. ${BETTER}`,
    };
  }
  if (/^v?\d+(?:\.\d+)+(?:[-+].*)?$|^v\d+$/i.test(shown)) {
    return {
      code: 'tag_version',
      message: `The image is tagged "${shown}", a version and no commit. ${BETTER}`,
    };
  }
  if (/^(?:build|b|run|ci)?[-_.#]?\d+$/i.test(shown)) {
    return {
      code: 'tag_number',
      message: `The image is tagged "${shown}", a number that says nothing of a commit. ${BETTER}`,
    };
  }
  if (!isEcr(repository)) return notEcr(repository);
  return {
    code: 'tag_other',
    message: `The tag "${shown}" of the image names no commit. ${BETTER}`,
  };
}

function notEcr(repository: string): Reason {
  return {
    code: 'registry_not_ecr',
    message: `The image comes from ${plain(
      repository.split('/')[0],
      80,
    )}, whose tags are not read (only those of Amazon ECR are). ${BETTER}`,
  };
}
