import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import { useT } from '../../translation/deliveryTranslationRef';
import { lineColor, makeStyles, secondaryText, tonesOf } from '../../ui';
import type { Theme } from '../../ui';
import { StateIcon } from '../StatusBadge';
import type { ShownState } from '../StatusBadge';

const useStyles = makeStyles<Theme>(
  theme => {
    const tones = tonesOf(theme);
    return {
      root: {
        position: 'relative',
        display: 'flex',
        flexDirection: 'column',
        justifyContent: 'center',
        gap: 1,
        boxSizing: 'border-box',
        minWidth: 0,
        padding: theme.spacing(0.25, 1.25),
        borderRadius: 6,
        border: `1px solid ${lineColor(theme)}`,
        backgroundColor: theme.palette.background.paper,
        color: theme.palette.text.primary,
        font: 'inherit',
        fontSize: '0.8125rem',
        textAlign: 'left',
        cursor: 'pointer',
        '&:hover': { borderColor: theme.palette.primary.main },
        '&:focus-visible': {
          outline: `2px solid ${theme.palette.primary.main}`,
          outlineOffset: 2,
        },
        '&[aria-pressed=true]': {
          borderColor: theme.palette.primary.main,
          boxShadow: `0 0 0 1px ${theme.palette.primary.main}`,
        },
        '&[aria-disabled=true]': {
          cursor: 'default',
          border: `1px dashed ${tones.quiet.border}`,
          color: secondaryText(theme),
          backgroundColor: 'transparent',
          '&:hover': { borderColor: tones.quiet.border },
        },
        '&[data-gate=true]': {
          border: `1px dashed ${tones.waiting.solid}`,
          backgroundColor: tones.waiting.fill,
        },
        '&[data-bad=true]': { borderColor: tones.error.solid },
      },
      line: { display: 'flex', alignItems: 'center', gap: 6, minWidth: 0 },
      name: {
        flex: 1,
        minWidth: 0,
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        whiteSpace: 'nowrap',
      },
      // In the line of the name, without room of its own: read out as `Unit tests, success`.
      word: { fontSize: 0 },
      count: {
        flex: 'none',
        fontSize: '0.75rem',
        color: secondaryText(theme),
        fontVariantNumeric: 'tabular-nums',
      },
      facts: {
        display: 'flex',
        flexDirection: 'column',
        minWidth: 0,
        paddingLeft: 24,
        fontSize: '0.75rem',
        lineHeight: '17px',
        color: secondaryText(theme),
        fontVariantNumeric: 'tabular-nums',
        whiteSpace: 'nowrap',
        overflow: 'hidden',
        '[data-gate=true] &': {
          paddingLeft: 0,
          fontSize: '0.6875rem',
          color: tones.waiting.text,
        },
      },
    };
  },
  { name: 'DeliveryJobButton' },
);

/** A job, or several of one matrix, that can be chosen. */
export function JobButton(props: {
  state: ShownState | undefined;
  name: string;
  /** Word of the state, for those who do not see its sign. */
  word: string;
  count?: string;
  facts?: ReactNode;
  gate?: boolean;
  bad?: boolean;
  chosen?: boolean;
  /** Why it cannot be chosen. */
  disabledReason?: string;
  style?: CSSProperties;
  onChoose: () => void;
  onKeyDown?: (event: KeyboardEvent<HTMLButtonElement>) => void;
  nodeId?: string;
}) {
  const classes = useStyles();
  const t = useT();
  const disabled = props.disabledReason !== undefined;
  return (
    <button
      type="button"
      className={classes.root}
      style={props.style}
      aria-pressed={disabled ? undefined : props.chosen ?? false}
      aria-disabled={disabled || undefined}
      title={props.disabledReason ?? props.name}
      data-gate={props.gate}
      data-bad={props.bad}
      data-node={props.nodeId}
      onKeyDown={props.onKeyDown}
      onClick={disabled ? undefined : props.onChoose}
    >
      <span className={classes.line}>
        <StateIcon state={props.state} />
        <span className={classes.name}>
          <bdi>{props.name}</bdi>
          <span className={classes.word}>
            {t('graph.word', { state: props.word })}
          </span>
        </span>
        {props.count && <span className={classes.count}>{props.count}</span>}
      </span>
      {props.facts && <span className={classes.facts}>{props.facts}</span>}
    </button>
  );
}
