import type { Entity } from '@backstage/catalog-model';
import { permissionRules } from '@backstage/plugin-catalog-backend/alpha';
import type { PolicyDecision } from '@backstage/plugin-permission-common';
import {
  createConditionAuthorizer,
  type PermissionRule,
} from '@backstage/plugin-permission-node';
import type { EntitiesSearchFilter } from '@backstage/plugin-catalog-node';

type EntityRule = PermissionRule<
  Entity,
  EntitiesSearchFilter,
  'catalog-entity'
>;

/** A condition uses a rule that only the portal's catalog knows. */
class UnknownRuleError extends Error {
  override name = 'UnknownRuleError';
}

const rules = new Map<string, EntityRule>(
  (Object.values(permissionRules) as EntityRule[]).map(rule => [
    rule.name,
    rule,
  ]),
);

const apply = createConditionAuthorizer<Entity>({
  getRuleByName(name) {
    const rule = rules.get(name);
    if (!rule) throw new UnknownRuleError(name);
    return rule as PermissionRule<Entity, unknown, string>;
  },
});

/**
 * Applies a decision to an entity in this process, by the catalog's own rules.
 *
 * @returns undefined when the decision uses a rule that an adopter added to the catalog: then the catalog has to be asked.
 */
export function applyEntityConditions(
  decision: PolicyDecision,
  entity: Entity,
): boolean | undefined {
  try {
    return apply(decision, entity);
  } catch (error) {
    if (error instanceof UnknownRuleError) return undefined;
    throw error;
  }
}
