/**
 * A lint rule that does not fire holds nothing. Each line here breaks one rule of the architecture on purpose; lint must refuse it.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './lib/paths.mjs';

const require = createRequire(join(ROOT, 'package.json'));
const cli = createRequire(require.resolve('@backstage/cli/package.json'));
const { ESLint } = cli('eslint');

const BACKEND = 'plugins/delivery-backend';
const FRONTEND = 'plugins/delivery';
const COMMON = 'plugins/delivery-common';
const SANDBOX = 'packages/sandbox';

const imports = from =>
  `import * as other from '${from}';\nexport { other };\n`;

/** Package, file, its text, and the rule that must refuse it. */
const ATTEMPTS = [
  [
    BACKEND,
    'src/services/try.ts',
    imports('../router/createRouter'),
    'import/no-restricted-paths',
  ],
  [
    BACKEND,
    'src/services/try.ts',
    imports('../ingestion/Inbox'),
    'import/no-restricted-paths',
  ],
  [
    BACKEND,
    'src/services/try.ts',
    imports('../providers/github'),
    'import/no-restricted-paths',
  ],
  [
    BACKEND,
    'src/services/try.ts',
    imports('../database/DatabaseDeliveryStore'),
    'import/no-restricted-paths',
  ],
  [
    BACKEND,
    'src/router/try.ts',
    imports('../database/DeliveryStore'),
    'import/no-restricted-paths',
  ],
  [
    BACKEND,
    'src/router/try.ts',
    imports('../ingestion/Inbox'),
    'import/no-restricted-paths',
  ],
  [
    BACKEND,
    'src/ingestion/try.ts',
    imports('../providers/github'),
    'import/no-restricted-paths',
  ],
  [
    BACKEND,
    'src/providers/try.ts',
    imports('../services/Access'),
    'import/no-restricted-paths',
  ],
  [
    BACKEND,
    'src/database/try.ts',
    imports('../services/Access'),
    'import/no-restricted-paths',
  ],
  [BACKEND, 'src/services/try.ts', imports('sandbox'), 'no-restricted-imports'],
  [
    COMMON,
    'src/domain/try.ts',
    'export const now = () => Date.now();\n',
    'no-restricted-syntax',
  ],
  [
    COMMON,
    'src/domain/try.ts',
    'export const now = () => new Date();\n',
    'no-restricted-syntax',
  ],
  [
    COMMON,
    'src/domain/try.ts',
    'export const dice = () => Math.random();\n',
    'no-restricted-syntax',
  ],
  [
    COMMON,
    'src/domain/environments/try.ts',
    'export const now = () => Date.now();\n',
    'no-restricted-syntax',
  ],
  [
    FRONTEND,
    'src/components/try.tsx',
    imports('@material-ui/core/Button'),
    'no-restricted-imports',
  ],
  [
    FRONTEND,
    'src/components/try.tsx',
    imports('backstage-plugin-delivery-common/domain'),
    'no-restricted-imports',
  ],
  [
    FRONTEND,
    'src/components/try.tsx',
    "export const colour = '#ff0000';\n",
    'no-restricted-syntax',
  ],
  [
    FRONTEND,
    'src/components/try.tsx',
    'export const Word = () => <p>Hello</p>;\n',
    'react/jsx-no-literals',
  ],
  [
    FRONTEND,
    'src/components/try.tsx',
    'export const any: any = 1;\n',
    '@typescript-eslint/no-explicit-any',
  ],
  [
    SANDBOX,
    'src/try.ts',
    imports('backstage-plugin-delivery-common'),
    'no-restricted-imports',
  ],
];

const linters = new Map();
const missed = [];
for (const [folder, file, text, rule] of ATTEMPTS) {
  const cwd = join(ROOT, folder);
  if (!linters.has(cwd)) linters.set(cwd, new ESLint({ cwd }));
  const [result] = await linters
    .get(cwd)
    .lintText(text, { filePath: join(cwd, file) });
  if (
    !result.messages.some(
      ({ ruleId, severity }) => ruleId === rule && severity === 2,
    )
  ) {
    missed.push(
      `${folder}/${file} is not refused by ${rule}:\n${text}  said: ${JSON.stringify(
        result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
      )}`,
    );
  }
}
if (missed.length > 0) {
  console.error(missed.join('\n'));
  process.exitCode = 1;
} else {
  console.log(
    `${ATTEMPTS.length} attempts to break the architecture were refused.`,
  );
}
