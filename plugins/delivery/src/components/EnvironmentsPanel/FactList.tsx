import { Fragment, useId } from 'react';
import type { ReactNode } from 'react';
import { useSectionStyles } from './sectionStyles';

/** A name and what is known of it; facts without a value are left out. */
export type Fact = readonly [
  label: string,
  value: ReactNode | undefined | false,
];

/** Names and values, one under the other. */
export function FactList(props: { facts: readonly Fact[] }) {
  const classes = useSectionStyles();
  return (
    <dl className={classes.facts}>
      {props.facts.map(([label, value], index) =>
        value === undefined || value === false || value === '' ? null : (
          <Fragment key={`${index}-${label}`}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}

/** A titled part of the panel of an environment. */
export function Section(props: { title: string; children: ReactNode }) {
  const classes = useSectionStyles();
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <h3 className={classes.title} id={id}>
        {props.title}
      </h3>
      {props.children}
    </section>
  );
}
