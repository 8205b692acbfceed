import { parseAllDocuments } from 'yaml';
import { BLUE_GREEN } from '../naming/names';
import type { PersonalAccess } from '../github/person';
import {
  findRepository,
  isEmpty,
  readTextFile,
  type Repository,
} from '../github/repositories';
import type { PlanInput } from './PlanInput';

const ANNOTATION_TEMPLATE = 'delivery.platform/template';
const MAX_CATALOG_INFO = 200_000;

/** Whether the repository is there already, and whether this task may go on with it. */
export interface RepositoryCheck {
  exists: boolean;
  problems: string[];
  repository?: Repository;
}

/**
 * A repository that exists is taken, except when the person administers it and it is empty or was begun by the same template for the same
 * component: then an earlier task was interrupted.
 */
export async function checkRepository(
  access: PersonalAccess,
  { template, name }: Pick<PlanInput, 'template' | 'name'>,
): Promise<RepositoryCheck> {
  const repository = await findRepository(access);
  if (!repository) return { exists: false, problems: [] };
  const refused = (why: string): RepositoryCheck => ({
    exists: true,
    repository,
    problems: [
      `The repository ${repository.slug} exists already${why}. Choose another name.`,
    ],
  });
  if (repository.slug.toLowerCase() !== access.address.slug.toLowerCase()) {
    return refused(`: it is what ${access.address.slug} was renamed to`);
  }
  if (!repository.admin) return refused(' and you do not administer it');
  if (repository.isArchived) return refused(' and is archived');
  if (await isEmpty(access, repository)) {
    return { exists: true, repository, problems: [] };
  }
  const text = await readTextFile(access, repository, 'catalog-info.yaml');
  return text !== undefined && isOurs(text, template, name)
    ? { exists: true, repository, problems: [] }
    : refused(` and holds something else than ${name} from this template`);
}

function namesOf(template: string, name: string): string[] {
  return template === BLUE_GREEN
    ? [name, `${name}-backend`, `${name}-frontend`]
    : [name];
}

/** Whether a catalog-info.yaml says that the template made this component. Never throws: the file may hold anything. */
export function isOurs(text: string, template: string, name: string): boolean {
  if (text.length > MAX_CATALOG_INFO) return false;
  const names = namesOf(template, name);
  return parseAllDocuments(text).some(document => {
    if (document.errors.length > 0) return false;
    const read = (path: string[]) => {
      const value: unknown = document.getIn(path);
      return typeof value === 'string' ? value : '';
    };
    return (
      read(['kind']) === 'Component' &&
      names.includes(read(['metadata', 'name'])) &&
      read(['metadata', 'annotations', ANNOTATION_TEMPLATE]).startsWith(
        `${template}@`,
      )
    );
  });
}
