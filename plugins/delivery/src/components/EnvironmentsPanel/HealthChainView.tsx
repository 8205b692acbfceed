import type {
  HealthBoundary,
  HealthChain,
} from 'backstage-plugin-delivery-common';
import { useId, useState } from 'react';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { lineColor, makeStyles, secondaryText, tonesOf } from '../../ui';
import type { Theme } from '../../ui';
import { CommitMark } from '../EnvironmentState';
import { BOUNDARY_LOOKS, firstRed, shownBoundaries } from './boundaryLooks';
import { FactList } from './FactList';
import { useSectionStyles } from './sectionStyles';

/** Room the chain itself has. */
const NARROW = '@container (max-width: 560px)';

const useStyles = makeStyles<Theme>(
  theme => {
    const tones = tonesOf(theme);
    return {
      frame: { containerType: 'inline-size', minWidth: 0 },
      head: {
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'baseline',
        gap: theme.spacing(0.5, 1),
        padding: theme.spacing(0.5, 0),
        fontFamily: theme.typography.fontFamily,
        fontSize: '0.8125rem',
        fontWeight: 700,
        color: theme.palette.text.primary,
      },
      list: {
        display: 'flex',
        gap: theme.spacing(1),
        margin: 0,
        padding: 0,
        listStyle: 'none',
        [NARROW]: { flexDirection: 'column', gap: theme.spacing(0.5) },
      },
      item: {
        flex: '1 1 0',
        minWidth: 0,
        maxWidth: 260,
        [NARROW]: { maxWidth: 'none' },
      },
      box: {
        display: 'grid',
        alignContent: 'start',
        gap: 2,
        width: '100%',
        height: '100%',
        boxSizing: 'border-box',
        margin: 0,
        padding: theme.spacing(1),
        borderRadius: 8,
        border: `1px solid ${lineColor(theme)}`,
        background: 'none',
        fontFamily: theme.typography.fontFamily,
        fontSize: '0.75rem',
        lineHeight: '18px',
        textAlign: 'left',
        color: theme.palette.text.primary,
        overflowWrap: 'anywhere',
        [NARROW]: { gridTemplateColumns: '104px 104px minmax(0, 1fr)' },
        '&[data-state=unhealthy]': {
          borderColor: tones.error.solid,
          backgroundColor: tones.error.fill,
        },
        '&[data-state=not_reached]': {
          borderStyle: 'dashed',
          color: secondaryText(theme),
        },
        'button&': { cursor: 'pointer' },
        '&[aria-expanded=true]': {
          boxShadow: `inset 0 0 0 1px ${theme.palette.primary.main}`,
        },
        '&:focus-visible': {
          outline: `2px solid ${theme.palette.primary.main}`,
          outlineOffset: 1,
        },
      },
      name: { fontWeight: 700, fontSize: '0.8125rem' },
      state: { display: 'flex', alignItems: 'center', gap: 4, fontWeight: 700 },
      icon: { flex: 'none', fontSize: 16 },
      more: {
        marginTop: theme.spacing(1),
        padding: theme.spacing(1.25, 1.5),
        borderRadius: 8,
        border: `1px solid ${lineColor(theme)}`,
        '&[data-state=unhealthy]': { borderColor: tones.error.border },
      },
      ...Object.fromEntries(
        Object.entries(tones).map(([tone, { text }]) => [
          `tone-${tone}`,
          { color: text },
        ]),
      ),
    };
  },
  { name: 'DeliveryHealthChain' },
);

function hasMore(boundary: HealthBoundary): boolean {
  return Boolean(
    boundary.cause || boundary.advice || boundary.facts.length > 0,
  );
}

function Boundary(props: {
  boundary: HealthBoundary;
  open: boolean;
  controls: string;
  onToggle: () => void;
}) {
  const classes: Record<string, string> = useStyles();
  const t = useT();
  const { boundary } = props;
  const { tone, Icon } = BOUNDARY_LOOKS[boundary.state];
  const content = (
    <>
      <span className={classes.name}>{t(`boundary.${boundary.boundary}`)}</span>
      <span className={`${classes.state} ${classes[`tone-${tone}`]}`}>
        <Icon aria-hidden className={classes.icon} />
        {t(`boundaryState.${boundary.state}`)}
      </span>
      <span dir="auto">{plainText(boundary.summary)}</span>
    </>
  );
  return hasMore(boundary) ? (
    <button
      type="button"
      className={classes.box}
      data-state={boundary.state}
      aria-expanded={props.open}
      aria-controls={props.controls}
      onClick={props.onToggle}
    >
      {content}
    </button>
  ) : (
    <div className={classes.box} data-state={boundary.state}>
      {content}
    </div>
  );
}

/** One chain from the container to the load balancer: the first red one is open and says what to do. */
export function HealthChainView(props: {
  chain: HealthChain;
  /** False when it is the only one: then it needs no name. */
  named: boolean;
}) {
  const classes = useStyles();
  const section = useSectionStyles();
  const t = useT();
  const id = useId();
  const [chosen, setChosen] = useState<string | undefined>();
  const { chain } = props;
  const boundaries = shownBoundaries(chain.boundaries);
  // Nothing chosen: the first red one. Choosing the open one closes it.
  const open =
    chosen === undefined
      ? firstRed(boundaries)
      : boundaries.find(({ boundary }) => boundary === chosen);
  const facts = open?.facts ?? [];
  return (
    <div className={classes.frame}>
      {props.named && (
        <div className={classes.head}>
          {t(`chain.${chain.role}`)}
          <CommitMark commit={chain.commit} />
          {chain.traffic !== undefined && (
            <span className={section.side}>
              {t('chain.traffic', { percent: `${Math.round(chain.traffic)}` })}
            </span>
          )}
        </div>
      )}
      <ol className={classes.list} aria-label={t('chain.label')}>
        {boundaries.map(boundary => (
          <li key={boundary.boundary} className={classes.item}>
            <Boundary
              boundary={boundary}
              open={open === boundary}
              controls={id}
              onToggle={() =>
                setChosen(open === boundary ? '' : boundary.boundary)
              }
            />
          </li>
        ))}
      </ol>
      <div id={id}>
        {open && hasMore(open) && (
          <div className={classes.more} data-state={open.state}>
            <FactList
              facts={[
                [
                  t('chain.cause'),
                  open.cause !== undefined && (
                    <bdi>{plainText(open.cause)}</bdi>
                  ),
                ],
                [
                  t('chain.advice'),
                  open.advice !== undefined && (
                    <strong dir="auto">{plainText(open.advice)}</strong>
                  ),
                ],
                ...facts.map(
                  ({ label, value }) =>
                    [plainText(label), <bdi>{plainText(value)}</bdi>] as const,
                ),
              ]}
            />
          </div>
        )}
      </div>
    </div>
  );
}
