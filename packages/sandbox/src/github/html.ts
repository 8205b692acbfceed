const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe inside elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, char => ESCAPES[char]);
}

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1.5rem; }
  h1 { font-size: 1.4rem; }
  a { color: LinkText; }
  ul.people { list-style: none; padding: 0; display: grid; gap: .5rem; }
  ul.people a { display: block; padding: .75rem 1rem; border: 1px solid GrayText; border-radius: .5rem;
    text-decoration: none; font-weight: 600; }
  ul.people a:hover, ul.people a:focus-visible { outline: 2px solid LinkText; }
  ul.people span { display: block; font-size: .85rem; }
  pre { overflow: auto; padding: 1rem; border: 1px solid GrayText; border-radius: .5rem; }
  footer { margin-top: 3rem; font-size: .85rem; }`;

/** A page of the sandbox. `title` is escaped here, `body` is HTML. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(
    title,
  )} · sandbox GitHub</title><style>${STYLE}</style></head>
<body><main>${body}</main>
<footer>This is the sandbox GitHub of the demo, not github.com.</footer></body></html>`;
}
