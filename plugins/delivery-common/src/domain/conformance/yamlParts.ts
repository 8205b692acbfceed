import { isMap, isPair, isScalar, isSeq, type Document, type Node } from 'yaml';

/** A YAML map with the lines its keys stand on. */
export class YamlPart {
  constructor(
    private readonly node: unknown,
    private readonly lines: number[],
  ) {}

  static of(document: Document, text: string): YamlPart {
    const starts = [0];
    for (
      let at = text.indexOf('\n');
      at >= 0;
      at = text.indexOf('\n', at + 1)
    ) {
      starts.push(at + 1);
    }
    return new YamlPart(document.contents, starts);
  }

  get isMap(): boolean {
    return isMap(this.node);
  }

  /** Line of the beginning, from 1. */
  get line(): number {
    const offset = (this.node as Node | null)?.range?.[0] ?? 0;
    let low = 0;
    let high = this.lines.length;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.lines[middle] <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  get(key: string): YamlPart | undefined {
    return this.entries().find(([name]) => name === key)?.[1];
  }

  /** Keys with their values, in their order; nothing for anything but a map. */
  entries(): [string, YamlPart][] {
    if (!isMap(this.node)) return [];
    return this.node.items.flatMap(item => {
      if (!isPair(item) || !isScalar(item.key)) return [];
      return [[String(item.key.value), new YamlPart(item.value, this.lines)]];
    });
  }

  items(): YamlPart[] {
    if (!isSeq(this.node)) return [];
    return this.node.items.map(item => new YamlPart(item, this.lines));
  }

  /** A scalar as text; undefined for nothing, a map or a list. */
  text(): string | undefined {
    if (!isScalar(this.node) || this.node.value === null) return undefined;
    return String(this.node.value);
  }

  /** Scalars of a map by their keys. */
  texts(): Record<string, string> {
    return Object.fromEntries(
      this.entries().map(([key, part]) => [key, part.text() ?? '']),
    );
  }

  /** One word, a list of words, or the keys of a map. */
  words(): string[] {
    const text = this.text();
    if (text !== undefined) return [text];
    const items = this.items().flatMap(item => item.text() ?? []);
    return items.length > 0 ? items : this.entries().map(([key]) => key);
  }
}
