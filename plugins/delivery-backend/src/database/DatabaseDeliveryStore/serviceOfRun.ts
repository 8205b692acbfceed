import { matchesGlob } from 'backstage-plugin-delivery-common/domain';

/** What decides whether a run is a service's. */
export interface RunOrigin {
  /** File of the pipeline in the repository. */
  pipelinePath: string;
  /** Files the push that started the run touched; undefined when nobody knows them all. */
  files?: string[];
}

/**
 * Rule that gives a run of a repository to one of the services made in it (a run may belong to several):
 * 1. the service names its workflows: runs of these files, and no others;
 * 2. it names only paths: runs whose push touched one of them; a run without a known list of files (schedule, dispatch, pull
 *    request, forced push) belongs to it as well, because hiding a run is worse than showing one too many;
 * 3. it names neither: every run of the repository.
 */
export function belongsToService(
  run: RunOrigin,
  binding: { workflows: string[]; paths: string[] },
): boolean {
  if (binding.workflows.length > 0) {
    const file = run.pipelinePath.slice(run.pipelinePath.lastIndexOf('/') + 1);
    return binding.workflows.includes(file);
  }
  if (binding.paths.length === 0 || run.files === undefined) return true;
  return run.files.some(file =>
    binding.paths.some(pattern => matchesGlob(pattern, file)),
  );
}
