/** A file in a repository at a commit. @public */
export interface ReferencedFile {
  /** `owner/name` */
  slug: string;
  path: string;
  sha: string;
}

/**
 * Finds the file of a `uses` among the reusable workflows that the vendor listed for the run (`owner/name/path@ref` each, with the
 * commit it resolved to). Only what is listed is found: a `uses` cannot make the portal read other files.
 *
 * @param uses - as `buildGraph` asks for it: `./path` or `owner/name/path@ref`
 * @param referenced - `referenced` of the run
 * @param slug - `owner/name` of the run's repository
 * @public
 */
export function referencedFile(
  uses: string,
  referenced: { path: string; sha: string }[],
  slug: string,
): ReferencedFile | undefined {
  const wanted = split(
    uses.startsWith('./') ? `${slug}/${uses.slice(2)}` : uses,
  );
  if (!wanted) return undefined;
  const same = referenced
    .map(({ path, sha }) => ({ file: split(path), sha }))
    .filter(
      ({ file }) =>
        file?.slug.toLowerCase() === wanted.slug.toLowerCase() &&
        file.path === wanted.path,
    );
  // One file may be used at two refs.
  const found =
    same.find(({ file }) => wanted.ref && sameRef(file?.ref, wanted.ref)) ??
    (same.length === 1 ? same[0] : undefined);
  return (
    found && {
      slug: found.file?.slug ?? slug,
      path: wanted.path,
      sha: found.sha,
    }
  );
}

function split(
  text: string,
): { slug: string; path: string; ref?: string } | undefined {
  const at = text.indexOf('@');
  const whole = at < 0 ? text : text.slice(0, at);
  const [owner, name, ...rest] = whole.split('/');
  if (!owner || !name || rest.length === 0) return undefined;
  return {
    slug: `${owner}/${name}`,
    path: rest.join('/'),
    ref: at < 0 ? undefined : text.slice(at + 1),
  };
}

/** The vendor lists `refs/heads/main` where the file says `main`. */
function sameRef(listed: string | undefined, written: string): boolean {
  return (
    listed === written ||
    listed === `refs/heads/${written}` ||
    listed === `refs/tags/${written}`
  );
}
