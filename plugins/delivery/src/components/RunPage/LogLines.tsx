import { useLayoutEffect, useRef, useState } from 'react';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  FoldIcon,
  lineColor,
  makeStyles,
  secondaryText,
  tonesOf,
  UnfoldIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import type { LogLine } from './parseLog';

/** Scrolling is the only way through a log, so the keyboard must get in although nothing in it can be operated. */
const REACHABLE = { tabIndex: 0 };

const LINE = 20;
const VIEW = 480;
const SPARE = 20;
/** No reader needs more of one line, and a browser stumbles over millions of letters in one. */
const LONGEST = 4000;

const useStyles = makeStyles<Theme>(
  theme => {
    const tones = tonesOf(theme);
    return {
      view: {
        height: VIEW,
        overflow: 'auto',
        border: `1px solid ${lineColor(theme)}`,
        borderRadius: 6,
        backgroundColor: theme.palette.background.default,
        color: theme.palette.text.primary,
        fontFamily: 'Menlo, Consolas, monospace',
        fontSize: 12,
        '&:focus-visible': {
          outline: `2px solid ${theme.palette.primary.main}`,
        },
      },
      space: { position: 'relative', minWidth: '100%' },
      window: { position: 'absolute', left: 0, minWidth: '100%' },
      line: {
        display: 'flex',
        alignItems: 'center',
        height: LINE,
        lineHeight: `${LINE}px`,
        whiteSpace: 'pre',
        '&[data-kind=error]': {
          color: tones.error.text,
          backgroundColor: tones.error.fill,
        },
        '&[data-kind=warning]': {
          color: tones.warning.text,
          backgroundColor: tones.warning.fill,
        },
        '&[data-kind=command], &[data-kind=notice]': {
          color: tones.running.text,
          backgroundColor: tones.running.fill,
        },
        '&[data-kind=error], &[data-kind=warning], &[data-kind=command], &[data-kind=notice]':
          { '& $number, & $time': { color: 'inherit' } },
        '&[data-kind=group]': { fontWeight: 700 },
        '&[data-found=true]': {
          boxShadow: `inset 3px 0 0 ${theme.palette.primary.main}`,
        },
        '&[data-here=true]': {
          boxShadow: `inset 0 0 0 1px ${theme.palette.primary.main}`,
        },
      },
      number: {
        flex: 'none',
        width: 56,
        paddingRight: 12,
        textAlign: 'right',
        userSelect: 'none',
        color: secondaryText(theme),
      },
      time: {
        flex: 'none',
        width: 68,
        userSelect: 'none',
        color: secondaryText(theme),
      },
      text: { paddingRight: 16 },
      inside: { paddingLeft: 18 },
      fold: {
        display: 'flex',
        alignItems: 'center',
        padding: 0,
        border: 0,
        background: 'none',
        color: 'inherit',
        font: 'inherit',
        whiteSpace: 'pre',
        cursor: 'pointer',
        '&:focus-visible': {
          outline: `2px solid ${theme.palette.primary.main}`,
        },
      },
      chevron: { fontSize: 16 },
    };
  },
  { name: 'DeliveryLogLines' },
);

/** Lines of a log. Only those in sight are in the page, so that a log of a hundred thousand lines scrolls. */
export function LogLines(props: {
  label: string;
  lines: LogLine[];
  /** How many lines each group holds. */
  groupSizes: Map<number, number>;
  folded: Set<number>;
  onToggle: (group: number) => void;
  found: Set<number>;
  /** Line to bring into sight; a new object brings it again. */
  target: { number: number } | undefined;
  follow: boolean;
  showTime: boolean;
}) {
  const { lines, target, follow } = props;
  const classes = useStyles();
  const t = useT();
  const view = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);

  const latest = useRef(lines);
  useLayoutEffect(() => {
    latest.current = lines;
  });
  useLayoutEffect(() => {
    if (!target || !view.current) return;
    const index = latest.current.findIndex(
      line => line.number >= target.number,
    );
    view.current.scrollTop = Math.max(0, index * LINE - VIEW / 3);
    setTop(view.current.scrollTop);
    // Only a new target scrolls: news at the end must not pull the reader away.
  }, [target]);

  useLayoutEffect(() => {
    if (!follow || !view.current) return;
    view.current.scrollTop = lines.length * LINE;
    setTop(Math.max(0, lines.length * LINE - VIEW));
  }, [follow, lines.length]);

  const first = Math.max(0, Math.floor(top / LINE) - SPARE);
  const last = Math.min(lines.length, Math.ceil((top + VIEW) / LINE) + SPARE);
  return (
    <div
      ref={view}
      role="log"
      aria-live="off"
      aria-label={props.label}
      className={classes.view}
      {...REACHABLE}
      onScroll={event => setTop(event.currentTarget.scrollTop)}
    >
      <div className={classes.space} style={{ height: lines.length * LINE }}>
        <div className={classes.window} style={{ top: first * LINE }}>
          {lines.slice(first, last).map(line => {
            const text =
              line.text.length > LONGEST
                ? `${line.text.slice(0, LONGEST)}…`
                : line.text;
            const isFolded = props.folded.has(line.number);
            return (
              <div
                key={line.number}
                className={classes.line}
                data-line={line.number}
                data-kind={line.kind}
                data-found={props.found.has(line.number)}
                data-here={target?.number === line.number}
              >
                <span className={classes.number} aria-hidden>
                  {line.number}
                </span>
                {props.showTime && (
                  <span className={classes.time}>{line.time ?? ''}</span>
                )}
                {line.kind === 'group' ? (
                  <button
                    type="button"
                    className={classes.fold}
                    aria-expanded={!isFolded}
                    onClick={() => props.onToggle(line.number)}
                  >
                    {isFolded ? (
                      <UnfoldIcon className={classes.chevron} />
                    ) : (
                      <FoldIcon className={classes.chevron} />
                    )}
                    {text}
                    {isFolded &&
                      ` · ${t('log.hidden', {
                        count: props.groupSizes.get(line.number) ?? 0,
                      })}`}
                  </button>
                ) : (
                  <span
                    className={`${classes.text} ${
                      line.group === undefined ? '' : classes.inside
                    }`}
                  >
                    {text}
                  </span>
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
