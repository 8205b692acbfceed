const CLOCK = 'Time and randomness are arguments of domain code.';

module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    '@backstage/no-mixed-plugin-imports': 'error',
    '@typescript-eslint/no-explicit-any': 'error',
    'import/no-extraneous-dependencies': 'error',
  },
  overrides: [
    {
      files: ['src/domain/**/*.ts'],
      excludedFiles: ['**/*.test.ts'],
      rules: {
        'no-restricted-syntax': [
          'error',
          {
            selector:
              "CallExpression[callee.object.name='Date'][callee.property.name='now']",
            message: CLOCK,
          },
          {
            selector: "NewExpression[callee.name='Date'][arguments.length=0]",
            message: CLOCK,
          },
          {
            selector:
              "CallExpression[callee.object.name='Math'][callee.property.name='random']",
            message: CLOCK,
          },
          {
            selector:
              "CallExpression[callee.property.name='now'][callee.object.name='DateTime']",
            message: CLOCK,
          },
        ],
      },
    },
  ],
});
