import type { ReactNode } from 'react';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  FailureIcon,
  InfoIcon,
  PendingIcon,
  SuccessIcon,
  UnknownIcon,
  WarningIcon,
} from '../../ui';
import type { Tone } from '../../ui';
import { useDrawerStyles } from './drawerStyles';

export const CHECK_LOOKS = {
  pass: { tone: 'ok', Icon: SuccessIcon },
  warn: { tone: 'warning', Icon: WarningIcon },
  fail: { tone: 'error', Icon: FailureIcon },
  unknown: { tone: 'warning', Icon: UnknownIcon },
  pending: { tone: 'waiting', Icon: PendingIcon },
  info: { tone: 'neutral', Icon: InfoIcon },
} satisfies Record<string, { tone: Tone; Icon: typeof InfoIcon }>;

export type CheckLook = keyof typeof CHECK_LOOKS;

/** One finding: sign, word, what it is about, and something beside it. */
export function CheckLine(props: {
  look: CheckLook;
  children: ReactNode;
  end?: ReactNode;
}) {
  const classes: Record<string, string> = useDrawerStyles();
  const t = useT();
  const { tone, Icon } = CHECK_LOOKS[props.look];
  return (
    <li className={classes.item} data-check={props.look}>
      <Icon
        aria-hidden
        className={`${classes.icon} ${classes[`tone-${tone}`]}`}
      />
      <span className={`${classes.word} ${classes[`tone-${tone}`]}`}>
        {t(`approval.evidence.word.${props.look}`)}
      </span>
      <span className={classes.grow}>{props.children}</span>
      {props.end && <span className={classes.end}>{props.end}</span>}
    </li>
  );
}
