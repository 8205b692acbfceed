/** Who may import whom inside the backend; docs/adr/0003-layers.md says why. */
const zones = [
  {
    layer: 'router',
    from: ['database', 'ingestion', 'providers'],
    except: 'webhooks',
  },
  { layer: 'services', from: ['router', 'ingestion', 'providers'] },
  { layer: 'ingestion', from: ['router', 'providers'] },
  { layer: 'providers', from: ['router', 'services', 'ingestion', 'database'] },
  { layer: 'database', from: ['router', 'services', 'ingestion', 'providers'] },
].flatMap(({ layer, from, except }) =>
  from.map(other => ({
    target:
      except && other === 'ingestion'
        ? `./src/${layer}/!(${except})*`
        : `./src/${layer}`,
    from: `./src/${other}`,
    message: `${layer} must not import ${other}.`,
  })),
);
const storeInterfaceOnly = ['services', 'ingestion'].map(layer => ({
  target: `./src/${layer}`,
  from: './src/database/DatabaseDeliveryStore',
  message: `${layer} knows the store by its interface.`,
}));

module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  // Without it a TypeScript file is not found, and the layers below hold nothing.
  settings: {
    'import/resolver': { node: { extensions: ['.ts', '.tsx', '.js'] } },
  },
  rules: {
    '@backstage/no-mixed-plugin-imports': 'error',
    '@typescript-eslint/no-explicit-any': 'error',
    // Supertest asserts by a method of the same name.
    'jest/expect-expect': [
      'error',
      {
        assertFunctionNames: ['expect', 'fc.assert', '*.**.expect', 'refuses*'],
      },
    ],
  },
  restrictedImportPatterns: ['sandbox', 'sandbox/*'],
  overrides: [
    {
      files: ['src/**/*.ts'],
      excludedFiles: ['**/*.test.ts', '**/testUtils/**'],
      rules: {
        'import/no-restricted-paths': [
          'error',
          { basePath: __dirname, zones: [...zones, ...storeInterfaceOnly] },
        ],
      },
    },
  ],
});
