/** A name that somebody else wrote, inside a sentence of ours: on one line, and not long. */
export function named(text: string, max = 100): string {
  const clean = text
    .slice(0, max * 4)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return clean.length > max ? `${clean.slice(0, max - 1)}…` : clean;
}
