module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    '@typescript-eslint/no-explicit-any': 'error',
    // The command line of the sandbox speaks on the terminal.
    'no-console': 'off',
  },
  // The sandbox is GitHub: it knows nothing of the product.
  restrictedImportPatterns: ['backstage-plugin-delivery*'],
});
