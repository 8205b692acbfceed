import { Link } from '@backstage/core-components';
import ButtonBase from '@material-ui/core/ButtonBase';
import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import type { SvgIconProps } from '@material-ui/core/SvgIcon';
import type { ComponentType, ReactNode } from 'react';
import { Hint } from './Hint';
import { tonesOf } from './tones';
import type { Tone } from './tones';

const useStyles = makeStyles<Theme, { tone: Tone; loud: boolean }>(
  theme => ({
    root: {
      display: 'inline-flex',
      alignItems: 'flex-start',
      justifyContent: 'flex-start',
      gap: 4,
      maxWidth: '100%',
      padding: '1px 8px',
      borderRadius: 6,
      border: ({ tone, loud }) =>
        `1px solid ${tonesOf(theme)[tone][loud ? 'solid' : 'border']}`,
      backgroundColor: ({ tone }) => tonesOf(theme)[tone].fill,
      color: ({ tone }) => tonesOf(theme)[tone].text,
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      fontWeight: ({ loud }) => (loud ? 700 : 400),
      lineHeight: '18px',
      textAlign: 'left',
      overflowWrap: 'anywhere',
    },
    acting: {
      color: ({ tone }) => tonesOf(theme)[tone].text,
      '&:hover': { textDecoration: 'underline' },
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: 1,
      },
    },
    icon: { flex: 'none', fontSize: 14, marginTop: 2 },
    text: {
      minWidth: 0,
      display: '-webkit-box',
      '-webkit-line-clamp': 3,
      '-webkit-box-orient': 'vertical',
      overflow: 'hidden',
    },
  }),
  { name: 'DeliveryChip' },
);

/** A short remark with its sign; a button with `onClick`, a link with `to`. */
export function Chip(props: {
  tone: Tone;
  Icon?: ComponentType<SvgIconProps>;
  children: ReactNode;
  hint?: string;
  loud?: boolean;
  onClick?: () => void;
  to?: string;
}) {
  const { Icon, loud = false } = props;
  const classes = useStyles({ tone: props.tone, loud });
  const content = (
    <>
      {Icon && <Icon aria-hidden className={classes.icon} />}
      <span className={classes.text} dir="auto">
        {props.children}
      </span>
    </>
  );
  const acting = `${classes.root} ${classes.acting}`;
  let chip = <span className={classes.root}>{content}</span>;
  if (props.onClick) {
    chip = (
      <ButtonBase disableRipple className={acting} onClick={props.onClick}>
        {content}
      </ButtonBase>
    );
  } else if (props.to !== undefined) {
    chip = (
      <Link to={props.to} className={acting}>
        {content}
      </Link>
    );
  }
  return props.hint ? <Hint text={props.hint}>{chip}</Hint> : chip;
}
