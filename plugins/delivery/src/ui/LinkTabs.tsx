import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import type { Theme } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { lineColor, secondaryText } from './tones';

const useStyles = makeStyles<Theme>(
  theme => ({
    list: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0, 1),
      margin: 0,
      padding: 0,
      listStyle: 'none',
      borderBottom: `1px solid ${lineColor(theme)}`,
    },
    link: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.75),
      padding: theme.spacing(1, 1.5),
      marginBottom: -1,
      borderBottom: '2px solid transparent',
      ...theme.typography.body2,
      fontWeight: 700,
      color: secondaryText(theme),
      '&:hover': { textDecoration: 'none', color: theme.palette.text.primary },
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: -2,
      },
      '&[aria-current=page]': {
        color: theme.palette.text.primary,
        borderBottomColor: theme.palette.primary.main,
      },
    },
  }),
  { name: 'DeliveryLinkTabs' },
);

/** Pages beside each other, each with its own address. */
export function LinkTabs(props: {
  label: string;
  tabs: { to: string; label: string; current: boolean; mark?: ReactNode }[];
}) {
  const classes = useStyles();
  return (
    <nav aria-label={props.label}>
      <ul className={classes.list}>
        {props.tabs.map(tab => (
          <li key={tab.to}>
            <Link
              to={tab.to}
              className={classes.link}
              underline="none"
              aria-current={tab.current ? 'page' : undefined}
            >
              {tab.label}
              {tab.mark}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
