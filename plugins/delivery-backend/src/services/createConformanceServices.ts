import {
  ConformanceKeeper,
  type ConformanceKeeperOptions,
} from './conformance/ConformanceKeeper';
import {
  ConformanceViews,
  type ConformanceViewsOptions,
} from './conformance/ConformanceViews';

/** Makes what holds pipelines against the rules and tells of it. */
export function createConformanceServices(
  deps: ConformanceKeeperOptions & ConformanceViewsOptions,
) {
  const conformanceKeeper = new ConformanceKeeper(deps);
  const conformanceViews = new ConformanceViews(deps);
  conformanceKeeper.onDerived(entityRefs =>
    conformanceViews.changed(entityRefs),
  );
  return { conformanceKeeper, conformanceViews };
}
