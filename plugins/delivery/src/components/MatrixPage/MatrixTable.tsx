import { Link } from '@backstage/core-components';
import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Matrix } from 'backstage-plugin-delivery-common';
import { useCallback, useRef } from 'react';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles } from '../../ui';
import { MatrixCellView } from './MatrixCellView';
import type { MatrixRow } from './matrixRows';
import { useMatrixStyles } from './matrixStyles';

const ROW_PX = 76;
const GROUP_PX = 34;
const HEAD_PX = 34;
/** Rows drawn beyond what is seen, so that a quick scroll meets no gap. */
const OVERSCAN = 8;

const useStyles = makeStyles(
  { body: { position: 'relative' } },
  { name: 'DeliveryMatrixTable' },
);

/** `payments` of `system:default/payments`. */
function nameOfRef(ref: string | undefined): string {
  const text = plainText(ref ?? '');
  return text.slice(text.indexOf('/') + 1);
}

/**
 * The table itself. Only the rows that are seen are in the page: every row is as high as the next, so nothing has to be measured.
 */
export function MatrixTable(props: {
  environments: Matrix['environments'];
  rows: MatrixRow[];
  view: 'deploy' | 'live';
  group: 'none' | 'system' | 'owner';
}) {
  const { environments, rows, view, group } = props;
  const own = useStyles();
  const classes = useMatrixStyles();
  const t = useT();
  const entityRoute = useRouteRef(entityRouteRef);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => (rows[index].kind === 'group' ? GROUP_PX : ROW_PX),
    getItemKey: index => rows[index].key,
    overscan: OVERSCAN,
    scrollPaddingStart: HEAD_PX,
    // The first picture, before the window is measured.
    initialRect: { width: 1000, height: 800 },
  });
  const pathOf = useCallback(
    (entityRef: string, environment?: string) => {
      const page = entityRoute(parseEntityRef(entityRef));
      const chosen = new URLSearchParams({
        panel: 'environments',
        ...(environment && { environment }),
      });
      return `${page}/delivery?${chosen}`;
    },
    [entityRoute],
  );
  const columns = `minmax(180px, 1.2fr) repeat(${environments.length}, minmax(150px, 1fr))`;
  const minWidth = 180 + environments.length * 150;
  const nameOf = (row: MatrixRow & { kind: 'group' }) => {
    if (row.name !== undefined) return nameOfRef(row.name);
    return t(group === 'owner' ? 'matrix.noOwner' : 'matrix.noSystem');
  };

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      role="table"
      aria-label={t('matrix.caption')}
      aria-rowcount={rows.length + 1}
      aria-colcount={environments.length + 1}
      // A region that scrolls must be reachable without a mouse.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      style={{ height: virtual.getTotalSize() + HEAD_PX + 2 }}
      data-testid="matrix"
    >
      <div
        className={`${classes.row} ${classes.head}`}
        role="row"
        aria-rowindex={1}
        style={{ gridTemplateColumns: columns, minWidth, height: HEAD_PX }}
      >
        <div
          role="columnheader"
          className={`${classes.title} ${classes.first}`}
        >
          {t('matrix.service')}
        </div>
        {environments.map(({ name }) => (
          <div
            key={name}
            role="columnheader"
            className={classes.title}
            dir="auto"
          >
            {plainText(name)}
          </div>
        ))}
      </div>
      <div
        className={own.body}
        role="rowgroup"
        style={{ height: virtual.getTotalSize(), minWidth }}
      >
        {virtual.getVirtualItems().map(item => {
          const row = rows[item.index];
          const place = {
            height: item.size,
            transform: `translateY(${item.start}px)`,
          };
          if (row.kind === 'group') {
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className={`${classes.row} ${classes.placed} ${classes.group}`}
                style={{ ...place, gridTemplateColumns: '1fr' }}
              >
                <div
                  role="rowheader"
                  aria-colspan={environments.length + 1}
                  className={classes.groupName}
                >
                  <span dir="auto">{nameOf(row)}</span>
                  <span className={classes.quiet}>
                    {t('matrix.groupCount', { count: row.count })}
                  </span>
                </div>
              </div>
            );
          }
          const { service } = row;
          const title = plainText(service.title);
          return (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              className={`${classes.row} ${classes.placed}`}
              style={{ ...place, gridTemplateColumns: columns }}
              data-service={service.entityRef}
            >
              <div
                role="rowheader"
                className={`${classes.service} ${classes.first}`}
              >
                <Link
                  to={pathOf(service.entityRef)}
                  className={classes.name}
                  title={title}
                  dir="auto"
                >
                  {title}
                </Link>
                <span className={classes.quiet} dir="auto">
                  {nameOfRef(service.system ?? service.owner)}
                </span>
              </div>
              {environments.map(({ name }) => (
                <div
                  key={name}
                  role="cell"
                  className={
                    service.cells[name]?.basis === 'none'
                      ? `${classes.cell} ${classes.never}`
                      : classes.cell
                  }
                >
                  {service.cells[name] ? (
                    <MatrixCellView
                      cell={service.cells[name]}
                      service={title}
                      environment={plainText(name)}
                      view={view}
                      to={pathOf(service.entityRef, name)}
                    />
                  ) : (
                    <span className={classes.absent} title={t('matrix.absent')}>
                      –
                    </span>
                  )}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
