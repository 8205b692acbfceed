import {
  Link,
  sidebarConfig,
  useSidebarOpenState,
} from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  root: {
    width: sidebarConfig.drawerWidthClosed,
    height: sidebarConfig.logoHeight,
    display: 'flex',
    alignItems: 'center',
    marginBottom: theme.spacing(-1),
  },
  link: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    marginLeft: theme.spacing(2.5),
    whiteSpace: 'nowrap',
    fontWeight: theme.typography.fontWeightBold as number,
    fontSize: theme.typography.h6.fontSize,
    color: theme.palette.navigation.selectedColor,
  },
}));

/** The demo portal's name; the mark alone while the sidebar is closed. */
export function SidebarLogo() {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();
  return (
    <div className={classes.root}>
      <Link to="/" underline="none" className={classes.link} aria-label="Home">
        <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
          <path
            d="M6 16h9m-4-5 5 5-5 5"
            fill="none"
            stroke="currentColor"
            strokeWidth="3"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
          <circle cx="23" cy="16" r="4" fill="currentColor" />
        </svg>
        {isOpen && <span>Delivery</span>}
      </Link>
    </div>
  );
}
