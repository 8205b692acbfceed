import type { Job, JobGraph } from 'backstage-plugin-delivery-common';
import { useEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles, secondaryText, trackColor } from '../../ui';
import type { Theme } from '../../ui';
import { isBad, stateWord } from '../StatusBadge';
import { graphLayout } from './graphLayout';
import { NODE } from './graphSize';
import { JobButton } from './JobButton';
import { JobFacts } from './JobFacts';
import { nodeView } from './nodeView';
import { neighbour } from './neighbour';

const useStyles = makeStyles<Theme>(
  theme => ({
    scroll: { overflowX: 'auto', padding: theme.spacing(1, 0) },
    canvas: { position: 'relative' },
    edges: { position: 'absolute', top: 0, left: 0, pointerEvents: 'none' },
    edge: {
      fill: 'none',
      stroke: secondaryText(theme),
      strokeWidth: 1.5,
      opacity: 0.55,
      '&[data-lit=true]': {
        stroke: theme.palette.primary.main,
        strokeWidth: 2,
        opacity: 1,
      },
    },
    group: {
      position: 'absolute',
      boxSizing: 'border-box',
      borderRadius: 8,
      border: `1px dashed ${secondaryText(theme)}`,
      backgroundColor: trackColor(theme),
      color: theme.palette.text.primary,
      padding: theme.spacing(0.5, 1.25),
      fontSize: '0.6875rem',
      whiteSpace: 'nowrap',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    },
  }),
  { name: 'DeliveryJobGraph' },
);

/** Jobs in columns by dependency, with every dependency drawn. Arrow keys walk from node to node. */
export function JobGraphView(props: {
  graph: JobGraph;
  jobs: Job[];
  chosen: string | undefined;
  onChoose: (job: string) => void;
}) {
  const { graph, jobs, chosen } = props;
  const classes = useStyles();
  const t = useT();
  const canvas = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => graphLayout(graph), [graph]);

  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>, id: string) => {
    const next = neighbour(layout.nodes, id, event.key);
    if (next === undefined) return;
    event.preventDefault();
    canvas.current
      ?.querySelector<HTMLButtonElement>(`[data-node="${CSS.escape(next)}"]`)
      ?.focus();
  };

  const chosenNode = graph.nodes.find(
    node => chosen !== undefined && node.jobs.includes(chosen),
  )?.id;
  const chosenX = layout.nodes.find(entry => entry.node.id === chosenNode)?.x;
  useEffect(() => {
    const frame = canvas.current?.parentElement;
    if (!frame || chosenX === undefined) return;
    const right = chosenX + NODE.width;
    const hidden =
      chosenX < frame.scrollLeft ||
      right > frame.scrollLeft + frame.clientWidth;
    // Only sideways: the page itself stays where the reader has it.
    if (hidden) frame.scrollLeft = right - frame.clientWidth + NODE.gapX;
  }, [chosenX]);

  return (
    <div
      className={classes.scroll}
      role="group"
      aria-label={t('graph.label', {
        n: `${jobs.length}`,
        columns: `${layout.columns}`,
      })}
    >
      <div
        ref={canvas}
        className={classes.canvas}
        style={{ width: layout.width, height: layout.height }}
      >
        {layout.groups.map(group => (
          <div
            key={group.id}
            className={classes.group}
            style={{
              left: group.x,
              top: group.y,
              width: group.width,
              height: group.height,
            }}
          >
            <bdi>{t('graph.group', { name: plainText(group.name) })}</bdi>
          </div>
        ))}
        <svg
          aria-hidden
          className={classes.edges}
          width={layout.width}
          height={layout.height}
        >
          {layout.edges.map(edge => (
            <path
              key={`${edge.from} ${edge.to}`}
              d={edge.path}
              className={classes.edge}
              data-edge={`${edge.from} ${edge.to}`}
              data-lit={edge.from === chosenNode || edge.to === chosenNode}
            />
          ))}
        </svg>
        {layout.nodes.map(({ node, x, y, height }) => {
          const view = nodeView(node, jobs);
          const name = plainText(node.name);
          const many = node.matrix || view.jobs.length > 1;
          const done = `${view.completed}`;
          const total = `${view.jobs.length}`;
          return (
            <JobButton
              key={node.id}
              nodeId={node.id}
              name={name}
              state={node.state}
              gate={view.gate}
              bad={isBad(node.state)}
              word={stateWord(node.state, t)}
              count={
                many && view.jobs.length > 0
                  ? t('graph.matrix', { done, total })
                  : undefined
              }
              facts={
                <JobFacts
                  state={node.state}
                  startedAt={view.startedAt}
                  completedAt={view.completedAt}
                  expectedAt={view.expectedAt}
                  gate={view.gate}
                  environment={node.environment}
                />
              }
              chosen={node.id === chosenNode}
              disabledReason={
                view.first ? undefined : t('graph.notStarted', { name })
              }
              style={{
                position: 'absolute',
                left: x,
                top: y,
                width: NODE.width,
                height,
              }}
              onChoose={() => view.first && props.onChoose(view.first.id)}
              onKeyDown={event => onKeyDown(event, node.id)}
            />
          );
        })}
      </div>
    </div>
  );
}
