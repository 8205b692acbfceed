import type { MatrixService } from 'backstage-plugin-delivery-common';

/** How the reader wants the services. */
export interface MatrixWish {
  text: string;
  group: 'none' | 'system' | 'owner';
  sort: 'name' | 'behind';
}

/** A line of the table. */
export type MatrixRow =
  | { kind: 'group'; key: string; name: string | undefined; count: number }
  | { kind: 'service'; key: string; service: MatrixService };

const byName = (a: MatrixService, b: MatrixService) =>
  a.title.localeCompare(b.title) || a.entityRef.localeCompare(b.entityRef);

const orders = {
  name: byName,
  behind: (a: MatrixService, b: MatrixService) => b.lag - a.lag || byName(a, b),
};

/** Services that hold all words of the text in their name, title, system or owner. */
function matching(services: MatrixService[], text: string): MatrixService[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return services;
  return services.filter(({ title, entityRef, system, owner }) => {
    const all = [title, entityRef, system, owner].join('\n').toLowerCase();
    return words.every(word => all.includes(word));
  });
}

/** Lines of the table in their order; groups by name, services without one last. */
export function matrixRows(
  services: MatrixService[],
  wish: MatrixWish,
): { rows: MatrixRow[]; shown: number } {
  const { group, sort, text } = wish;
  const found = [...matching(services, text)].sort(orders[sort]);
  const line = (service: MatrixService): MatrixRow => ({
    kind: 'service',
    key: service.entityRef,
    service,
  });
  if (group === 'none') return { rows: found.map(line), shown: found.length };
  const groups = new Map<string | undefined, MatrixService[]>();
  for (const service of found) {
    const name = service[group];
    const members = groups.get(name);
    if (members) members.push(service);
    else groups.set(name, [service]);
  }
  const named = [...groups].sort(([a], [b]) => {
    if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
    return a.localeCompare(b);
  });
  return {
    rows: named.flatMap(([name, members]) => [
      {
        kind: 'group' as const,
        key: `group:${name ?? ''}`,
        name,
        count: members.length,
      },
      ...members.map(line),
    ]),
    shown: found.length,
  };
}
