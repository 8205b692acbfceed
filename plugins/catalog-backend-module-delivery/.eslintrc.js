module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  // Code of rendered services: it has rules and tools of its own.
  ignorePatterns: ['templates/'],
  rules: {
    '@backstage/no-mixed-plugin-imports': 'error',
    '@typescript-eslint/no-explicit-any': 'error',
  },
  restrictedImportPatterns: [
    'backstage-plugin-delivery',
    'backstage-plugin-delivery-backend',
    'sandbox',
  ],
});
