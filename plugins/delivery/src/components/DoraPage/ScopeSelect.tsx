import { plainText } from '../../format/plainText';
import type { DoraScope } from '../../hooks/useDora';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { SelectField } from '../../ui';
import { nameOfRef } from '../MatrixPage/nameOfRef';
import type { ScopeChoices } from './useScopeChoice';

const PORTAL = 'portal';
const KINDS = ['team', 'system', 'domain'] as const;

function labelOf(scope: string, ref: string, t: T): string {
  const kind = KINDS.find(known => known === scope);
  const name = nameOfRef(ref);
  return kind ? t(`doraPage.choice.${kind}`, { name }) : plainText(ref);
}

/** Of which services the numbers are. */
export function ScopeSelect(props: {
  scope: DoraScope;
  choices: ScopeChoices;
  onChoose: (scope: DoraScope) => void;
}) {
  const t = useT();
  const { scope, choices } = props;
  const known = choices.filter(choice => choice.scope !== 'unknown');
  const value = scope.ref ? `${scope.scope} ${scope.ref}` : PORTAL;
  const options = [
    { value: PORTAL, label: t('doraPage.portal') },
    ...known.map(choice => ({
      value: `${choice.scope} ${choice.ref}`,
      label: `${labelOf(choice.scope, choice.ref, t)} (${t('doraPage.count', {
        count: choice.services,
      })})`,
    })),
  ];
  // An address may name what has no services (any more).
  const all = options.some(option => option.value === value)
    ? options
    : [...options, { value, label: labelOf(scope.scope, scope.ref ?? '', t) }];
  return (
    <SelectField
      label={t('doraPage.of')}
      value={value}
      options={all}
      onChange={next => {
        const choice = known.find(item => `${item.scope} ${item.ref}` === next);
        const kind = KINDS.find(item => item === choice?.scope);
        props.onChoose(
          choice && kind
            ? { scope: kind, ref: choice.ref }
            : { scope: 'portal' },
        );
      }}
    />
  );
}
