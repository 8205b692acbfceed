import { Hint, makeStyles, tonesOf } from '../../ui';
import type { Theme, Tone } from '../../ui';
import { useT } from '../../translation/deliveryTranslationRef';
import { StateIcon } from './StateIcon';
import { STATE_LOOKS, stateKey, stateWord } from './stateOf';
import type { ShownState } from './stateOf';

const useStyles = makeStyles<Theme, { tone: Tone }>(
  theme => ({
    root: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: 4,
      maxWidth: '100%',
      padding: '1px 9px 1px 5px',
      borderRadius: 12,
      border: ({ tone }) => `1px solid ${tonesOf(theme)[tone].border}`,
      backgroundColor: ({ tone }) => tonesOf(theme)[tone].fill,
      color: ({ tone }) => tonesOf(theme)[tone].text,
      fontSize: '0.75rem',
      fontWeight: 700,
      lineHeight: '20px',
      whiteSpace: 'nowrap',
    },
    word: { overflow: 'hidden', textOverflow: 'ellipsis' },
    icon: { fontSize: '1rem' },
  }),
  { name: 'DeliveryStatusBadge' },
);

/** The one way to show a state: sign, word and colour. `word` replaces the word (`waiting for production`). */
export function StatusBadge(props: { state: ShownState; word?: string }) {
  const t = useT();
  const key = stateKey(props.state);
  const classes = useStyles({ tone: STATE_LOOKS[key].tone });
  return (
    <Hint text={t(`statusHint.${key}`)}>
      <span className={classes.root}>
        <StateIcon state={props.state} className={classes.icon} />
        <span className={classes.word} dir="auto">
          {props.word ?? stateWord(props.state, t)}
        </span>
      </span>
    </Hint>
  );
}
