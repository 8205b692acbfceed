import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { SERVICES, type Output, type Repository } from './decisionsOutput';

const DOCS = resolve(__dirname, '../../../../../docs');

/** A line of a table of decisions. */
export interface Line {
  /** `pipeline-decisions/vaultex.md` */
  readonly file: string;
  /** `V-1`; empty for a requirement. */
  readonly id: string;
  readonly about: string;
  readonly decision: string;
  /** Places as they are written, `platform: ecs-deploy.yml deploy/before`. */
  readonly places: readonly string[];
  /** Names of checks and of tests; `read` for neither. */
  readonly checks: readonly string[];
}

const cellsOf = (row: string) =>
  row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map(cell => cell.trim().replaceAll('\\|', '|'));

const codes = (cell: string) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

function linesOf(file: string, text: string): Line[] {
  const rows = text.split('\n').filter(row => /^\|.*\|$/.test(row.trim()));
  return rows.flatMap(row => {
    const cells = cellsOf(row.trim());
    if (cells.length === 5 && /^[A-Z]-\d+$/.test(cells[0])) {
      const [id, about, decision, where, check] = cells;
      const checks = check === 'read' ? ['read'] : codes(check);
      return [{ file, id, about, decision, places: codes(where), checks }];
    }
    if (cells.length === 3 && /^[VSCFE]: /.test(cells[0])) {
      const [about, decision, where] = cells;
      return [
        { file, id: '', about, decision, places: codes(where), checks: [] },
      ];
    }
    return [];
  });
}

/** Every line of docs/pipeline-decisions.md and of the files beside it. */
export function readLines(): Line[] {
  const split = readdirSync(join(DOCS, 'pipeline-decisions')).map(
    name => `pipeline-decisions/${name}`,
  );
  return ['pipeline-decisions.md', ...split.sort()].flatMap(file =>
    linesOf(file, readFileSync(join(DOCS, file), 'utf8')),
  );
}

function placeInWorkflow(
  output: Output,
  repository: Repository,
  file: string,
  place: string,
): string[] {
  const [job, step] = place.split('/');
  const found = output.workflow(repository, file).jobs[job];
  if (!found) return [`${repository}: ${file} has no job ${job}`];
  if (step === undefined || found.steps?.some(({ id }) => id === step))
    return [];
  return [`${repository}: ${file} has no step ${place}`];
}

function missingIn(
  output: Output,
  repository: Repository,
  file: string,
  place: string,
): string[] {
  const path = output.find(repository, file);
  if (path === undefined) return [`${repository} has no ${file}`];
  if (place === '') return [];
  if (path.startsWith('.github/workflows/'))
    return placeInWorkflow(output, repository, file, place);
  if (path === 'template.yaml') {
    const { spec } = parse(output.text(repository, path)) as {
      spec: { steps: { id: string }[] };
    };
    return spec.steps.some(({ id }) => id === place)
      ? []
      : [`${repository}: ${file} has no step ${place}`];
  }
  return output.text(repository, path).includes(place)
    ? []
    : [`${repository}: ${file} does not say ${place}`];
}

/** What a place names that the rendered output does not have. */
export function missingPlaces(output: Output, place: string): string[] {
  const match = /^(\w+): (\S+)(?: (.+))?$/.exec(place);
  if (!match) return [`${place} is not a place`];
  const [, repository, file, inside = ''] = match;
  const repositories =
    repository === 'services' ? SERVICES : [repository as Repository];
  return repositories.flatMap(one => missingIn(output, one, file, inside));
}
