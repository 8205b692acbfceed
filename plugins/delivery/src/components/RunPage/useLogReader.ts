import { useMemo, useState } from 'react';
import { findLines, parseLog, unfolded } from './parseLog';

/** What a reader does with a log: fold, search, jump. Groups start folded unless an error is in them. */
export function useLogReader(text: string) {
  const lines = useMemo(() => parseLog(text), [text]);
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set());
  const [search, setSearch] = useState('');
  const [position, setPosition] = useState(0);
  const [target, setTarget] = useState<{ number: number }>();

  const groups = useMemo(() => {
    const sizes = new Map<number, number>();
    const withError = new Set<number>();
    for (const line of lines) {
      if (line.kind === 'group') sizes.set(line.number, 0);
      if (line.group !== undefined) {
        sizes.set(line.group, (sizes.get(line.group) ?? 0) + 1);
        if (line.kind === 'error') withError.add(line.group);
      }
    }
    return { sizes, withError };
  }, [lines]);

  const folded = useMemo(() => {
    const result = new Set<number>();
    for (const [group, size] of groups.sizes) {
      const byItself = size > 0 && !groups.withError.has(group);
      if (byItself !== toggled.has(group)) result.add(group);
    }
    return result;
  }, [groups, toggled]);

  const matches = useMemo(() => findLines(lines, search), [lines, search]);
  const firstError = lines.find(line => line.kind === 'error');

  const toggle = (group: number) =>
    setToggled(current => {
      const next = new Set(current);
      if (!next.delete(group)) next.add(group);
      return next;
    });
  const goTo = (number: number) => {
    const line = lines[number - 1];
    const group = lines.find(l => l.number === number)?.group;
    if (group !== undefined && folded.has(group)) toggle(group);
    if (line) setTarget({ number });
  };
  const step = (by: number) => {
    if (matches.length === 0) return;
    const next = (position + by + matches.length) % matches.length;
    setPosition(next);
    goTo(matches[next].number);
  };

  return {
    shown: useMemo(() => unfolded(lines, folded), [lines, folded]),
    total: lines.length,
    hasTimes: lines.some(line => line.time !== undefined),
    groupSizes: groups.sizes,
    folded,
    toggle,
    search,
    setSearch: (value: string) => {
      setSearch(value);
      setPosition(0);
      const [first] = findLines(lines, value);
      if (first) goTo(first.number);
    },
    matches,
    found: useMemo(() => new Set(matches.map(line => line.number)), [matches]),
    position,
    step,
    firstError,
    goTo,
    target,
  };
}
