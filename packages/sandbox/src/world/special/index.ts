import type { Random } from '../../engine';
import type { Timeline } from '../plan';
import { billing } from './billing';
import { eventflow } from './eventflow';
import { ledger } from './ledger';
import { orders } from './orders';
import { platform } from './platform';
import type { Add } from './types';
import { vaultex } from './vaultex';

const SPECIAL: Record<string, Add[]> = {
  'vaultex/vaultex': [vaultex, ledger],
  'eventflow/eventflow': [eventflow],
  'flexi/order-processing': [orders],
  'acme/cicd-platform': [platform],
  'acme/legacy-billing': [billing],
};

/** What happens once or by a calendar of its own, beside the everyday changes. */
export function specialEvents(
  repo: string,
  timeline: Timeline,
  files: Record<string, string>,
  days: number[],
  random: Random,
): void {
  SPECIAL[repo]?.forEach(add => add(timeline, files, days, random));
}
