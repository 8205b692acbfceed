import type { JobRecord } from '../state';
import type { JobFacts } from './profile';
import type { RunPlayer } from './RunPlayer';

/** What profiles get to know about a job. */
export function jobFacts(player: RunPlayer, job: JobRecord): JobFacts {
  return {
    repo: `${player.repo.owner}/${player.repo.name}`,
    workflow: player.loaded.file.path,
    key: job.key,
    name: job.name,
    event: player.run.event,
  };
}
