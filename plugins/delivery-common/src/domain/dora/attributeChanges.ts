import type { DoraSettings } from '../../contract';
import { compareText } from '../canonical';
import { DirectCommits } from './attributeChangesDirect';
import { usableChanges } from './attributeChangesFacts';
import { attributeService } from './attributeChangesService';
import type { ChangeFact, CommitFact, Instant, ServiceFact } from './facts';
import type { History } from './history';
import { commitsBySha } from './historyCommits';
import type { DoraChange, DoraDeployment, Excluded } from './linked';
import { byMoment, byText } from './mergeSources';
import { changeMomentOf } from './verdicts';

/** What changes are attributed by. */
export interface AttributeInput {
  /** With kinds told (`tellKinds`). */
  deployments: DoraDeployment[];
  changes: ChangeFact[];
  history: History;
  /** For direct commits that no change speaks of, and dates that a change does not have. */
  commits?: CommitFact[];
  services: ServiceFact[];
  settings: DoraSettings;
  asOf: Instant;
}

/**
 * Says which deployment brought each change first (reference 1.4): the first succeeded one of the service that contains it, once for ever.
 * What a deployment brought is what lies between the last succeeded one before it that was no rollback, and itself. Commits that belong to
 * no change are changes of their own. The order of the facts plays no part.
 *
 * @returns changes with their deployment and lead time; those without `deploymentId` are in none yet. `excluded` is what is in no list: of
 *   the first known deployment, of other paths, of deployments of which nobody knows what they brought
 */
export function attributeChanges(input: AttributeInput): {
  deployments: DoraDeployment[];
  changes: DoraChange[];
  excluded: Excluded[];
} {
  const { settings, history } = input;
  const excluded: Excluded[] = [];
  const usable = usableChanges(input.changes, input.asOf, excluded);
  const commits = commitsBySha(input.commits ?? []);
  const direct = new DirectCommits(usable, commits);
  const facts = new Map(input.services.map(each => [each.service, each]));
  const names = new Set([
    ...facts.keys(),
    ...input.deployments.map(({ service }) => service),
  ]);
  const deployments: DoraDeployment[] = [];
  const changes: DoraChange[] = [];
  for (const service of [...names].sort(compareText)) {
    const found = attributeService({
      ...{ service, settings, history, commits, direct },
      paths: facts.get(service)?.paths,
      deployments: input.deployments
        .filter(each => each.service === service)
        .sort(byMoment),
      changes: usable.filter(
        ({ services }) => !services?.length || services.includes(service),
      ),
      isShared: ({ services }) => (services?.length || names.size) > 1,
    });
    deployments.push(...found.deployments);
    changes.push(...found.changes);
    excluded.push(...found.excluded);
  }
  return {
    deployments: deployments.sort(byMoment),
    changes: changes.sort(byDeployment),
    excluded: excluded.sort(byText),
  };
}

function byDeployment(a: DoraChange, b: DoraChange): number {
  return (
    (changeMomentOf(a) ?? 0) - (changeMomentOf(b) ?? 0) ||
    compareText(a.id, b.id) ||
    compareText(a.service, b.service)
  );
}
