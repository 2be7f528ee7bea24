import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { compress } from './tools/compress.ts';

// One entry a page; `agendum.pages` writes the HTML around it from the manifest.
export default defineConfig({
  plugins: [svelte(), compress()],
  base: '/assets/',
  publicDir: false,
  resolve: { alias: { $shared: new URL('./shared', import.meta.url).pathname } },
  build: {
    outDir: '../src/agendum/pages/assets',
    emptyOutDir: true,
    assetsDir: '',
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    target: 'es2022',
    rollupOptions: {
      output: {
        // Other sites include the widget as a plain script, whose names would else be everybody's.
        banner: (chunk) => (chunk.name === 'widget' ? '(() => {' : ''),
        footer: (chunk) => (chunk.name === 'widget' ? '})();' : ''),
      },
      input: {
        booking: 'booking/main.ts',
        manage: 'manage/main.ts',
        cabinet: 'cabinet/main.ts',
        console: 'console/main.ts',
        widget: 'widget/main.ts',
      },
    },
  },
  test: { include: ['**/*.test.ts'] },
});
