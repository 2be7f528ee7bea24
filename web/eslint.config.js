import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  {
    rules: {
      eqeqeq: 'error',
      'no-undef': 'off', // TypeScript knows better
      'max-lines': ['error', 400],
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  { files: ['*.config.*', 'tools/**'], languageOptions: { globals: { ...globals.node } } },
  { ignores: ['build/', 'node_modules/'] },
);
