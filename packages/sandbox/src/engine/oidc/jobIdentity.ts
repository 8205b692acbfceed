import type { JobRecord } from '../../state';
import type { AwsStepContext } from '../aws/awsStep';
import type { EngineCore } from '../EngineCore';
import type { RunPlayer } from '../RunPlayer';
import { descends } from '../WorkflowSource';
import { jobClaims } from './claims';
import { jobPlace } from './permissions';

/** What a job can prove about itself, and what it knows of its commit. */
export function jobIdentity(
  core: EngineCore,
  player: RunPlayer,
  job: JobRecord,
): Pick<AwsStepContext, 'idToken' | 'descends' | 'state'> {
  const { repo, run, loaded: root } = player;
  return {
    idToken(audience) {
      const { loaded: inside, permissions } = jobPlace(repo, root, job.key);
      if (permissions['id-token'] !== 'write') return null;
      if (core.aws) core.tokens.introduceTo(core.aws.records);
      const about = { repo, run, job, root, inside, audience };
      return core.tokens.sign(jobClaims(core.state, about, core.clock.now()));
    },
    state: core.state,
    descends: (commit, from) => descends(root.history, commit, from),
  };
}
