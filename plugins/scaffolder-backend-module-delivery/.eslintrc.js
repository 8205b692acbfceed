module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
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
