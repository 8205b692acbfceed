import { plain, withoutStop } from '../environments/vendorText';
import type { Finding } from './evidenceFinding';
import { failedAttempt, liveAt, wasInProduction } from './evidenceTimes';
import type { DoraDeployment } from './linked';

/** What a deployment's own sources say: E1, E2 and E8. Of these it has one at most, so that a setting that is off is off. */
export function ownFindings(deployment: DoraDeployment): Finding[] {
  if (!wasInProduction(deployment)) return [];
  const { hints } = deployment;
  const found: Finding[] = [];
  if (hints.runtimeRollback) found.push(runtimeRollback(deployment));
  if (hints.checkFailed || hints.putBack) found.push(checkFailed(deployment));
  const broke =
    deployment.outcome === 'failed_in_production' ||
    failedAttempt(deployment) !== undefined;
  return found.length === 0 && broke ? [deploymentFailed(deployment)] : found;
}

function runtimeRollback(deployment: DoraDeployment): Finding {
  const { ok, startedAt, reason, url } = deployment.hints.runtimeRollback!;
  const said = ok ? 'ECS rolled it back' : 'ECS could not roll it back';
  const why = withoutStop(plain(reason));
  return {
    deploymentId: deployment.id,
    noticedAt: startedAt ?? deployment.finishedAt,
    evidence: {
      code: 'runtime_rollback',
      at: startedAt,
      confidence: 'certain',
      inferred: false,
      text: why ? `${said}: ${why}` : said,
      url,
    },
  };
}

function checkFailed(deployment: DoraDeployment): Finding {
  const { checkFailed: check, putBack } = deployment.hints;
  const name = plain(check?.name, 80);
  const at = check?.at ?? putBack?.at;
  return {
    deploymentId: deployment.id,
    noticedAt: at ?? liveAt(deployment),
    evidence: {
      code: 'check_failed',
      at,
      confidence: 'certain',
      inferred: false,
      text: check
        ? `${name || 'A check after it'} failed${backText(putBack, true)}`
        : `The same run${backText(putBack, false)}`,
      url: check?.url,
    },
  };
}

/** How the sentence goes on after what failed. */
function backText(
  putBack: { ok: boolean } | undefined,
  withSubject: boolean,
): string {
  if (!putBack) return '';
  const subject = withSubject ? ' and the same run' : '';
  return putBack.ok
    ? `${subject} put the revision before back`
    : `${subject} could not put the revision before back`;
}

function deploymentFailed(deployment: DoraDeployment): Finding {
  const attempt = failedAttempt(deployment);
  const at = attempt?.finishedAt ?? deployment.finishedAt;
  return {
    deploymentId: deployment.id,
    noticedAt: at,
    evidence: {
      code: 'deployment_failed',
      at,
      confidence: 'certain',
      inferred: false,
      text:
        attempt && deployment.attempts.length > 1
          ? `Attempt ${attempt.attempt} failed in production`
          : 'It failed in production and nothing put the revision before back',
      url: deployment.url,
    },
  };
}
