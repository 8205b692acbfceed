import { lineColor, secondaryText, tonesOf, useTheme } from '../../ui';
import type { Theme } from '../../ui';

/** Colours of the theme for what is drawn. */
export function useChartColors() {
  const theme = useTheme<Theme>();
  const { error, running, warning } = tonesOf(theme);
  return {
    text: secondaryText(theme),
    font: { fontSize: 11, fontFamily: theme.typography.fontFamily },
    grid: lineColor(theme),
    paper: theme.palette.background.paper,
    /** Of a line. */
    line: theme.palette.text.primary,
    /** Of what is counted. */
    bar: running.fill,
    barEdge: running.solid,
    /** Of what is above the line of a rate. */
    bad: error.solid,
    good: running.border,
    rollback: warning.solid,
    spread: running.border,
  };
}

export type ChartColors = ReturnType<typeof useChartColors>;

export const DASH = '4 3';
export const MARGIN = { top: 8, right: 8, bottom: 0, left: 0 };
export const STILL = { isAnimationActive: false } as const;
