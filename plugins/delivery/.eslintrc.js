const COLOUR = 'Colours come from the theme.';

module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  plugins: ['jsx-a11y'],
  extends: ['plugin:jsx-a11y/recommended'],
  rules: {
    '@backstage/no-mixed-plugin-imports': 'error',
    '@backstage/no-top-level-material-ui-4-imports': 'error',
    '@typescript-eslint/no-explicit-any': 'error',
    // Every visible string comes from deliveryTranslationRef.
    'react/jsx-no-literals': [
      'error',
      {
        noStrings: false,
        allowedStrings: ['·', '/', '#', '→', '…', '(', ')', ':', '–'],
      },
    ],
  },
  restrictedImports: [
    {
      name: 'backstage-plugin-delivery-common/domain',
      message: 'The browser shows what the backend computed.',
    },
  ],
  restrictedImportPatterns: ['sandbox', 'sandbox/*'],
  overrides: [
    {
      files: ['src/**/*.{ts,tsx}'],
      excludedFiles: ['src/ui/**', '**/*.test.*'],
      rules: {
        'no-restricted-syntax': [
          'error',
          {
            selector:
              'Literal[value=/^#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/]',
            message: COLOUR,
          },
          { selector: 'Literal[value=/^(rgb|hsl)a?\\(/]', message: COLOUR },
        ],
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                group: ['@material-ui/*'],
                message:
                  'Material UI is known in src/ui only; import from ../ui.',
              },
              {
                group: ['backstage-plugin-delivery-common/domain'],
                message: 'The browser shows what the backend computed.',
              },
              { group: ['sandbox', 'sandbox/*'] },
            ],
          },
        ],
      },
    },
    {
      files: ['**/*.test.*', 'dev/**'],
      rules: { 'react/jsx-no-literals': 'off' },
    },
  ],
});
