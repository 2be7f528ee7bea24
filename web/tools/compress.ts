import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Writes a `.br` and a `.gz` beside every asset, so that the server never compresses. */
export function compress(): Plugin {
  let folder = '';
  return {
    name: 'agendum-compress',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      for (const name of await readdir(folder)) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const content = await readFile(join(folder, name));
        const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
        await writeFile(join(folder, `${name}.br`), brotliCompressSync(content, options));
        await writeFile(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}
