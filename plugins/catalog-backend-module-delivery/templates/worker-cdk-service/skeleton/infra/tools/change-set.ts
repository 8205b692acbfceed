/** A part of what `aws cloudformation describe-change-set` answers. */
export interface ChangeSet {
  readonly Changes?: readonly {
    readonly ResourceChange?: {
      readonly Action?: string;
      readonly LogicalResourceId?: string;
      readonly ResourceType?: string;
      readonly Replacement?: string;
    };
  }[];
}

/** Types whose loss loses data or messages. */
const stateful = new Set([
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBSubnetGroup',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
  'AWS::Logs::LogGroup',
]);

const loses = ({ action, replacement }: { action: string; replacement: string }) =>
  action === 'Remove' || replacement === 'True' || replacement === 'Conditional';

const cell = (text: string) => text.replaceAll(/[^\w:./ -]/g, '?');

/**
 * Says what a change set does, and whether it may be put before an approver.
 * @param allowed logical ids whose loss was agreed on (allowed-replacements.json)
 * @returns `markdown`, a table of the changes, and `refused`, one sentence for each change that must not happen
 */
export function reviewChangeSet(changeSet: ChangeSet, allowed: readonly string[]) {
  const changes = (changeSet.Changes ?? []).flatMap(({ ResourceChange: change }) =>
    change === undefined
      ? []
      : [
          {
            action: change.Action ?? 'Unknown',
            id: change.LogicalResourceId ?? 'unknown',
            type: change.ResourceType ?? 'unknown',
            replacement: change.Replacement ?? '',
          },
        ],
  );
  const refused = changes
    .filter(change => stateful.has(change.type) && loses(change) && !allowed.includes(change.id))
    .map(
      ({ id, type, action }) =>
        `${id} (${type}) would be ${action === 'Remove' ? 'removed' : 'replaced'} and what it holds be lost: ` +
        'change the stack so that it stays, or agree on it in infra/allowed-replacements.json.',
    );
  const rows = changes.map(
    ({ action, id, type, replacement }) =>
      `| ${[action, id, type, replacement || 'no'].map(cell).join(' | ')} |`,
  );
  const table = ['| change | resource | type | replaced |', '|---|---|---|---|', ...rows];
  return { markdown: table.join('\n'), refused };
}
