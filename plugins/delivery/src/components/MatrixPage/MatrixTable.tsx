import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/core-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Matrix } from 'backstage-plugin-delivery-common';
import { useMemo, useRef } from 'react';
import type { MouseEvent } from 'react';
import { useHref, useNavigate } from 'react-router-dom';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles } from '../../ui';
import { useCellStyles } from './cellStyles';
import type { MatrixRow } from './matrixRows';
import { MatrixServiceRow, type RowContext } from './MatrixServiceRow';
import { useMatrixStyles } from './matrixStyles';
import { nameOfRef } from './nameOfRef';
import { useMinute } from './useMinute';

const ROW_PX = 76;
const GROUP_PX = 34;
const HEAD_PX = 34;
/** Rows drawn beyond what is seen, so that a quick scroll meets no gap. */
const OVERSCAN = 4;

const useStyles = makeStyles(
  { body: { position: 'relative' } },
  { name: 'DeliveryMatrixTable' },
);

/** Addresses inside the portal, and going there. */
function usePlaces() {
  const entityRoute = useRouteRef(entityRouteRef);
  const base = useHref('/').replace(/\/$/, '');
  const navigate = useNavigate();
  return useMemo(() => {
    const pathOf = (entityRef: string, environment?: string) => {
      const page = entityRoute(parseEntityRef(entityRef));
      const chosen = new URLSearchParams({
        panel: 'environments',
        ...(environment && { environment }),
      });
      return `${page}/delivery?${chosen}`;
    };
    return {
      hrefOf: (entityRef: string, environment?: string) =>
        base + pathOf(entityRef, environment),
      /** A plain click stays in the portal, everything else is the browser's. */
      follow: (event: MouseEvent<HTMLAnchorElement>) => {
        const href = event.currentTarget.getAttribute('href');
        const plain =
          event.button === 0 &&
          !event.metaKey &&
          !event.ctrlKey &&
          !event.shiftKey &&
          !event.altKey;
        if (!href || !plain || event.defaultPrevented) return;
        event.preventDefault();
        navigate(href.slice(base.length));
      },
    };
  }, [entityRoute, base, navigate]);
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
  const classes: Record<string, string> = useMatrixStyles();
  const cellClasses: Record<string, string> = useCellStyles();
  const t = useT();
  const now = useMinute();
  const { hrefOf, follow } = usePlaces();
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
  const columns = `minmax(180px, 1.2fr) repeat(${environments.length}, minmax(150px, 1fr))`;
  const minWidth = 180 + environments.length * 150;
  const context = useMemo(
    (): RowContext => ({
      ...{ environments, view, columns, classes, cellClasses, t, now },
      ...{ hrefOf, follow },
    }),
    [environments, view, columns, classes, cellClasses, t, now, hrefOf, follow],
  );
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
          if (row.kind === 'group') {
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className={`${classes.row} ${classes.placed} ${classes.group}`}
                style={{
                  height: item.size,
                  transform: `translateY(${item.start}px)`,
                  gridTemplateColumns: '1fr',
                }}
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
          return (
            <MatrixServiceRow
              key={item.key}
              service={row.service}
              index={item.index}
              start={item.start}
              size={item.size}
              context={context}
            />
          );
        })}
      </div>
    </div>
  );
}
