/** One combination of a matrix. */
export type MatrixLeg = Record<string, unknown>;

const same = (a: unknown, b: unknown) =>
  JSON.stringify(a) === JSON.stringify(b);

/**
 * All combinations of `strategy.matrix` (already evaluated), with GitHub's rules: `exclude` takes away every
 * combination it matches, `include` adds to combinations it does not contradict, else becomes one of its own.
 *
 * @throws Error when the value is no matrix or has more than 256 combinations.
 */
export function expandMatrix(value: unknown): MatrixLeg[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('Matrix must be a mapping');
  }
  const { include, exclude, ...axes } = value as Record<string, unknown>;
  const names = Object.keys(axes);
  let legs: MatrixLeg[] = names.length > 0 ? [{}] : [];
  for (const name of names) {
    const values = axes[name];
    if (!Array.isArray(values) || values.length === 0) {
      throw new Error(`Matrix vector '${name}' does not contain any values`);
    }
    legs = legs.flatMap(leg => values.map(item => ({ ...leg, [name]: item })));
    if (legs.length > 4_096) break;
  }
  for (const filter of list(exclude)) {
    legs = legs.filter(
      leg =>
        !Object.entries(filter).every(([key, item]) => same(leg[key], item)),
    );
  }
  const originals = legs.map(leg => ({ ...leg }));
  for (const extra of list(include)) {
    let used = false;
    originals.forEach((original, index) => {
      const fits = names.every(
        name => !(name in extra) || same(original[name], extra[name]),
      );
      const shares = names.some(name => name in extra);
      if (fits && (shares || names.length > 0)) {
        used = true;
        legs[index] = { ...legs[index], ...extra };
      }
    });
    if (!used) legs.push({ ...extra });
  }
  if (legs.length > 256) {
    throw new Error('The matrix generates more than 256 jobs');
  }
  return legs;
}

function list(value: unknown): MatrixLeg[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (item): item is MatrixLeg => typeof item === 'object' && item !== null,
  );
}

/** `(a, b)`: how GitHub puts a combination behind the name of the job. */
export function legSuffix(leg: MatrixLeg): string {
  const values = Object.values(leg).flatMap(flat);
  return values.length > 0 ? ` (${values.join(', ')})` : '';
}

function flat(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).flatMap(flat);
  }
  return [String(value)];
}
