/** One line of the check list. */
export type Item = {
  id: string;
  label: string;
  result: 'pass' | 'fail' | 'unknown';
  detail: string;
  fix?: string;
};

/** A line, and whether the step fails when it does not pass. */
export interface Checked extends Item {
  hard?: boolean;
}

/** What a check gives, before it has a name. */
export type Outcome = Pick<Item, 'result' | 'detail' | 'fix'>;

export const pass = (detail: string): Outcome => ({ result: 'pass', detail });
export const fail = (detail: string, fix: string): Outcome => ({
  result: 'fail',
  ...{ detail, fix },
});
export const unknown = (detail: string): Outcome => ({
  result: 'unknown',
  detail,
});

/** Passes without reasons against it. */
export function passUnless(
  reasons: readonly string[],
  detail: string,
  fix: string,
): Outcome {
  return reasons.length === 0 ? pass(detail) : fail(reasons.join('; '), fix);
}

/** A check that cannot be made is unknown, never passed. */
export async function check(
  id: string,
  label: string,
  make: () => Promise<Outcome>,
  hard = false,
): Promise<Checked> {
  try {
    return { id, label, ...(await make()), hard };
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'not known why';
    return { id, label, ...unknown(detail), hard };
  }
}

/** Text of vendors and forms in a list: nothing in it is markup. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|~]/g, character => `\\${character}`);
}

/** The list as Markdown; the words say it, not a colour. */
export function toMarkdown(items: readonly Item[]): string {
  return items
    .map(({ label, result, detail, fix }) => {
      const line = `- **${result.toUpperCase()}** ${plain(label)}: ${plain(
        detail,
      )}`;
      return fix ? `${line} — ${plain(fix)}` : line;
    })
    .join('\n');
}
