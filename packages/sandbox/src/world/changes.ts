import { hashUnit, pick, type Random } from '../engine';
import type { WorldComponent } from './components';
import { TOPICS } from './topics';

/** A change somebody could make to a component: its files and what they say about it. */
export interface SuggestedChange {
  title: string;
  files: Record<string, string>;
}

/** A plausible change of the component, different for every `random`. */
export function suggestChange(
  component: WorldComponent,
  random: Random,
): SuggestedChange {
  const topic = pick(random, TOPICS[component.name]);
  // Numbers far above those of the history, so that the file really changes.
  const n = 1_000 + Math.floor(hashUnit(component.name, random()) * 9_000);
  return {
    title: pick(random, topic.titles),
    files: { [topic.path]: topic.render(n) },
  };
}
