import { parseImage } from '../../../aws/machine/images';
import { StepFailed, type AwsStep, type AwsStepContext } from '../awsStep';
import { provesItself } from '../credentials';

const REVISION = 'org.opencontainers.image.revision';

/** The image of a part of the service that was built from a commit, by its digest. */
function imageOf(
  { cloud, env }: AwsStepContext,
  part: string,
  commit: string,
): string | undefined {
  const name = `${env.REGISTRY}/${env.NAME}-${part}`;
  const place = parseImage(name);
  const found = cloud.records.images.findLast(
    item =>
      item.accountId === place?.accountId &&
      item.region === place.region &&
      item.repository === place.repository &&
      item.labels?.[REVISION] === commit,
  );
  return found && `${name}@${found.digest}`;
}

/** Step `resolve` of cd-production.yml: the digests that staging has verified for exactly these files. */
export const resolveVerified: AwsStep = {
  concerns: ({ repo }) => provesItself(repo),
  begin(context) {
    const { env, effect, log, step } = context;
    for (const { id, headSha } of context.verifiedRuns()) {
      const backend = imageOf(context, 'backend', headSha);
      const frontend = imageOf(context, 'frontend', headSha);
      if (backend && frontend) {
        Object.assign(effect.outputs, { backend, frontend });
        log(`Verified in staging by run ${id} as commit ${headSha}`);
        return;
      }
    }
    if (env.CREATED === 'true') {
      log(
        'The first commit of main: nothing has been to staging yet. Push develop.',
      );
      return;
    }
    throw new StepFailed(
      `Staging has verified nothing with the files of ${step.run.headSha}. Push them to develop, wait until CI is green there, then run this workflow again.`,
    );
  },
};
