import { cp, rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
await cp('public', 'dist/public', { recursive: true });
await build({
  entryPoints: { app: 'src/main.ts' },
  outdir: 'dist/public',
  bundle: true,
  minify: true,
  sourcemap: true,
  target: 'es2022',
});
await build({
  entryPoints: { server: 'server/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
});
