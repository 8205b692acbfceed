import type { Item } from './api.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The text with everything escaped that HTML would read as more than text. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

function day(createdAt: string): string {
  const date = new Date(createdAt);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}

/** The lines of the list as HTML; everything in it that came from people is escaped. */
export function renderItems(items: readonly Item[]): string {
  if (items.length === 0) return '<li>Nothing here yet.</li>';
  return items
    .map(({ title, createdAt }) => {
      const at = day(createdAt);
      return `<li>${escapeHtml(title)}<time datetime="${at}">${at}</time></li>`;
    })
    .join('');
}
