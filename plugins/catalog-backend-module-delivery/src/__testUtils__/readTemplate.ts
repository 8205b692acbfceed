import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { templatePath } from '../TemplateProvider';
import type { TemplateId } from '../templateIds';

export interface Step {
  readonly id: string;
  readonly name: string;
  readonly action: string;
  readonly if?: string;
  readonly each?: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Page {
  readonly title: string;
  readonly required?: readonly string[];
  readonly properties: Readonly<
    Record<string, Readonly<Record<string, unknown>>>
  >;
}

export interface Template {
  readonly spec: {
    readonly parameters: readonly Page[];
    readonly steps: readonly Step[];
    readonly output: unknown;
  };
}

/** A template as its file has it, before values are filled in. */
export function readTemplate(id: TemplateId): Template {
  return parse(readFileSync(templatePath(id), 'utf8'));
}

/** What expressions in a value read of steps: `${{ steps.<id>.output.<name> }}`. */
export function readsOf(value: unknown): { step: string; output: string }[] {
  const pattern =
    /steps(?:\.([A-Za-z_]\w*)|\['([\w-]+)'\])\.output\.([A-Za-z_]\w*)/g;
  return [...JSON.stringify(value ?? null).matchAll(pattern)].map(match => ({
    step: match[1] ?? match[2],
    output: match[3],
  }));
}
