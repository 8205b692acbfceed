import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { secondaryText } from './tones';

const useStyles = makeStyles<Theme>(
  theme => ({
    summary: {
      width: 'fit-content',
      cursor: 'pointer',
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      color: secondaryText(theme),
      '&:hover': { textDecoration: 'underline' },
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: 2,
      },
    },
    content: { paddingTop: theme.spacing(0.5), minWidth: 0 },
  }),
  { name: 'DeliveryFold' },
);

/** More of something, for those who want to see it. */
export function Fold(props: { label: ReactNode; children: ReactNode }) {
  const classes = useStyles();
  return (
    <details>
      <summary className={classes.summary}>{props.label}</summary>
      <div className={classes.content}>{props.children}</div>
    </details>
  );
}
