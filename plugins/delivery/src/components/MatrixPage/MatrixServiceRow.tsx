import type { Matrix, MatrixService } from 'backstage-plugin-delivery-common';
import { memo } from 'react';
import type { MouseEvent } from 'react';
import { plainText } from '../../format/plainText';
import type { T } from '../../translation/deliveryTranslationRef';
import { MatrixCellView } from './MatrixCellView';
import { nameOfRef } from './nameOfRef';

/** What all rows of one picture share; the same object as long as nothing of it changes. */
export interface RowContext {
  environments: Matrix['environments'];
  view: 'deploy' | 'live';
  columns: string;
  classes: Record<string, string>;
  cellClasses: Record<string, string>;
  hrefOf: (entityRef: string, environment?: string) => string;
  /** A plain click stays in the portal. */
  follow: (event: MouseEvent<HTMLAnchorElement>) => void;
  t: T;
  now: number;
}

function ServiceRow(props: {
  service: MatrixService;
  index: number;
  start: number;
  size: number;
  context: RowContext;
}) {
  const { service, index, start, size } = props;
  const {
    environments,
    view,
    columns,
    classes,
    cellClasses,
    hrefOf,
    follow,
    t,
    now,
  } = props.context;
  const title = plainText(service.title);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${classes.row} ${classes.placed}`}
      style={{
        height: size,
        transform: `translateY(${start}px)`,
        gridTemplateColumns: columns,
      }}
      data-service={service.entityRef}
    >
      <div role="rowheader" className={`${classes.service} ${classes.first}`}>
        <a
          href={hrefOf(service.entityRef)}
          onClick={follow}
          className={classes.name}
          title={title}
          dir="auto"
        >
          {title}
        </a>
        <span className={classes.quiet} dir="auto">
          {nameOfRef(service.system ?? service.owner)}
        </span>
      </div>
      {environments.map(({ name }) => {
        const cell = service.cells[name];
        return (
          <div
            key={name}
            role="cell"
            className={
              cell?.basis === 'none'
                ? `${classes.cell} ${classes.never}`
                : classes.cell
            }
          >
            {cell ? (
              <MatrixCellView
                {...{ cell, view, follow, t, now }}
                classes={cellClasses}
                service={title}
                environment={plainText(name)}
                href={hrefOf(service.entityRef, name)}
              />
            ) : (
              <span className={classes.absent} title={t('matrix.absent')}>
                –
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** A service and all its environments. Drawn once, however much is scrolled. */
export const MatrixServiceRow = memo(ServiceRow);
