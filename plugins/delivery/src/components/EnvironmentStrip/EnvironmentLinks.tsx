import { Link } from '@backstage/core-components';
import type { Environment } from 'backstage-plugin-delivery-common';
import { environmentSearch } from '../../hooks/useEnvironmentChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { EnvironmentPill } from './EnvironmentPill';
import { useStripStyles } from './stripStyles';

/** The same line where the tab is somewhere else: each environment leads to it. */
export function EnvironmentLinks(props: {
  environments: readonly Environment[];
  /** Address of the tab, relative to the page of the service. */
  tabPath: string;
}) {
  const classes = useStripStyles();
  const t = useT();
  return (
    <ol className={classes.root} aria-label={t('environments.strip')}>
      {props.environments.map(environment => (
        <li key={environment.name} className={classes.item}>
          <Link
            to={`${props.tabPath}${environmentSearch(environment.name)}`}
            className={classes.pill}
            data-basis={environment.basis}
          >
            <EnvironmentPill environment={environment} />
          </Link>
        </li>
      ))}
    </ol>
  );
}
