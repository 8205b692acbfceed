import type { DoraSettings } from 'backstage-plugin-delivery-common';
import {
  changeVerdictsOf,
  type DoraFacts,
  linkFacts,
  verdictsOf,
} from 'backstage-plugin-delivery-common/domain';
import type { ServiceDora } from '../../database/DoraStore';

/** Everything that the facts of one service give, with how each row counts. */
export function deriveRows(
  facts: DoraFacts,
  settings: DoraSettings,
): ServiceDora {
  const { deployments, changes, incidents, excluded } = linkFacts(
    facts,
    settings,
  );
  return {
    deployments: deployments.map(deployment => ({
      deployment,
      verdicts: verdictsOf(deployment, settings),
    })),
    changes: changes.map(change => ({
      change,
      verdicts: changeVerdictsOf(change, settings),
    })),
    ...{ incidents, excluded },
    dataSince: facts.services[0]?.dataSince,
  };
}
