import type { Environment } from 'backstage-plugin-delivery-common';
import { Fragment } from 'react';
import type { KeyboardEvent } from 'react';
import { plainText } from '../../format/plainText';
import type { Pair } from '../../hooks/useEnvironmentChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { ArrowForwardIcon, IconAction } from '../../ui';
import { useCanvasStyles } from './canvasStyles';
import { EnvironmentNode } from './EnvironmentNode';

const STEPS: Record<string, number> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
};

/** Arrow keys go from node to node; Tab reaches what is in between. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const buttons = [
    ...event.currentTarget.querySelectorAll<HTMLElement>('[aria-pressed]'),
  ];
  const here = buttons.indexOf(event.target as HTMLElement);
  const step = STEPS[event.key] ?? 0;
  const next = here < 0 || step === 0 ? undefined : buttons[here + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Environments in their order on the way to production; between two of them the way to compare them. */
export function EnvironmentCanvas(props: {
  environments: readonly Environment[];
  chosen: string | undefined;
  controls: string;
  onChoose: (environment: string) => void;
  onCompare: (pair: Pair) => void;
}) {
  const classes = useCanvasStyles();
  const t = useT();
  const { environments } = props;
  return (
    <div className={classes.frame}>
      {/* Only passes on the arrow keys of the buttons in it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ol
        className={classes.list}
        aria-label={t('environments.list')}
        onKeyDown={walk}
      >
        {environments.map((environment, index) => {
          const before = environments[index - 1];
          return (
            <Fragment key={environment.name}>
              {before && (
                <li className={classes.joint}>
                  <IconAction
                    label={t('environments.compare', {
                      from: plainText(before.name),
                      to: plainText(environment.name),
                    })}
                    onClick={() =>
                      props.onCompare({
                        from: environment.name,
                        to: before.name,
                      })
                    }
                  >
                    <ArrowForwardIcon className={classes.arrow} />
                  </IconAction>
                </li>
              )}
              <li className={classes.item}>
                <EnvironmentNode
                  environment={environment}
                  chosen={environment.name === props.chosen}
                  controls={props.controls}
                  onChoose={() => props.onChoose(environment.name)}
                  onCompare={props.onCompare}
                />
              </li>
            </Fragment>
          );
        })}
      </ol>
    </div>
  );
}
