import type { Theme } from '@material-ui/core/styles';
import {
  darken,
  decomposeColor,
  getContrastRatio,
  lighten,
  recomposeColor,
} from '@material-ui/core/styles/colorManipulator';

/** What a colour says. Never the only carrier: every tone goes with an icon and a word. */
export type Tone =
  | 'ok'
  | 'error'
  | 'warning'
  | 'running'
  | 'waiting'
  | 'quiet'
  | 'neutral';

export interface ToneColors {
  /** Readable (4.5 : 1) on `fill` and on paper. */
  text: string;
  /** Faint background. */
  fill: string;
  border: string;
  /** Full colour for bars and dots; 3 : 1 against paper. */
  solid: string;
}

const READABLE = 4.5;
const VISIBLE = 3;

/** `over` with `amount` (0 to 1) of `color` in it. */
function mix(color: string, over: string, amount: number): string {
  const top = decomposeColor(color).values;
  const base = decomposeColor(over).values;
  const values = [0, 1, 2].map(i =>
    Math.round(top[i] * amount + base[i] * (1 - amount)),
  ) as [number, number, number];
  return recomposeColor({ type: 'rgb', values });
}

/**
 * The portal's own status colours are made for dots: several of them cannot be read as text on their background. This moves a colour
 * away from the background until it can.
 */
function until(ratio: number, color: string, background: string): string {
  const dark = decomposeColor(background).values[0] < 128;
  let result = color;
  for (let step = 1; step <= 20; step += 1) {
    if (getContrastRatio(result, background) >= ratio) break;
    result = dark ? lighten(color, step / 20) : darken(color, step / 20);
  }
  return result;
}

function toneFrom(color: string, paper: string): ToneColors {
  const fill = mix(color, paper, 0.12);
  return {
    fill,
    border: mix(color, paper, 0.45),
    solid: until(VISIBLE, color, paper),
    text: until(READABLE, color, fill),
  };
}

const known = new WeakMap<Theme, Record<Tone, ToneColors>>();

/** Colours of every tone in a theme. Custom themes without Backstage's status colours fall back to Material's. */
export function tonesOf(theme: Theme): Record<Tone, ToneColors> {
  const found = known.get(theme);
  if (found) return found;
  const { palette } = theme;
  const status: Partial<typeof palette.status> = palette.status ?? {};
  const paper = palette.background.paper;
  const from = (color: string) => toneFrom(color, paper);
  const quiet = status.aborted ?? palette.grey[600];
  const tones: Record<Tone, ToneColors> = {
    ok: from(status.ok ?? palette.success.main),
    error: from(status.error ?? palette.error.main),
    warning: from(status.warning ?? palette.warning.main),
    waiting: from(status.warning ?? palette.warning.main),
    running: from(status.running ?? palette.info.main),
    quiet: from(quiet),
    neutral: from(quiet),
  };
  known.set(theme, tones);
  return tones;
}

/** Secondary text that stays readable on the page and on paper. */
export function secondaryText(theme: Theme): string {
  const { background, text } = theme.palette;
  // Material's secondary text has an alpha channel: put it on paper first.
  const parts = decomposeColor(text.secondary);
  const alpha = parts.values[3] ?? 1;
  const solid = mix(text.secondary, background.paper, alpha);
  const onPaper = until(READABLE, solid, background.paper);
  return until(READABLE, onPaper, background.default);
}

/** Lines between things; the theme's divider on paper. */
export function lineColor(theme: Theme): string {
  const { background, text } = theme.palette;
  return mix(text.primary, background.paper, 0.14);
}

/** Faint background under bars and skeletons. */
export function trackColor(theme: Theme): string {
  const { background, text } = theme.palette;
  return mix(text.primary, background.paper, 0.1);
}
