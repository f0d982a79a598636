import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** Run by build-web.ts with a folder: writes a .br and a .gz beside every file in it that is worth it. */

const COMPRESSIBLE = /\.(?:html|js|css|svg|json|webmanifest|txt|map)$/
const BEST_LEVEL = 9

for (const entry of readdirSync(process.argv[2]!, { recursive: true, withFileTypes: true })) {
  if (entry.isFile() && COMPRESSIBLE.test(entry.name)) compress(join(entry.parentPath, entry.name))
}

function compress(file: string): void {
  const content = readFileSync(file)
  const params = { [constants.BROTLI_PARAM_QUALITY]: BEST_LEVEL, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }))
  writeFileSync(`${file}.gz`, gzipSync(content, { level: BEST_LEVEL }))
}
