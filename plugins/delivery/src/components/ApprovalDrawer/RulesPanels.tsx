import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import { cutText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { Panel } from '../../ui';
import { CheckLine } from './CheckLine';
import { useDrawerStyles } from './drawerStyles';

function Sentences(props: { title: string; lines: string[] }) {
  const classes = useDrawerStyles();
  if (props.lines.length === 0) return null;
  return (
    <>
      <h3 className={classes.subtitle}>{props.title}</h3>
      <ul className={classes.bullets}>
        {props.lines.map((line, index) => (
          <li key={`${index}-${line}`}>
            <bdi>{cutText(line, 400)}</bdi>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Which gate holds it, what it makes sure, and what it does not prevent. */
export function GatePanel(props: { gate: ApprovalDetail['gate'] }) {
  const t = useT();
  const { gate } = props;
  return (
    <Panel title={<bdi>{cutText(gate.title, 120)}</bdi>}>
      <Sentences title={t('approval.enforces')} lines={gate.enforces} />
      <Sentences
        title={t('approval.doesNotPrevent')}
        lines={gate.doesNotPrevent}
      />
    </Panel>
  );
}

/** Every rule with its result. */
export function PolicyPanel(props: { policy: ApprovalDetail['policy'] }) {
  const classes = useDrawerStyles();
  const t = useT();
  return (
    <Panel title={t('approval.policy.title')}>
      {props.policy.length === 0 && (
        <p className={classes.text}>{t('approval.policy.none')}</p>
      )}
      <ul className={classes.list} aria-label={t('approval.policy.title')}>
        {props.policy.map((rule, index) => (
          <CheckLine key={`${index}-${rule.code}`} look={rule.state}>
            <bdi>{cutText(rule.message, 400)}</bdi>
          </CheckLine>
        ))}
      </ul>
    </Panel>
  );
}
