import { closeSync, openSync, readSync } from 'node:fs'

const BLOCK_BYTES = 1024 * 1024
const LINE_END = 0x0a

/** The lines of a file of JSON, one after the other: the file may be larger than a string can be. */
export function* linesIn<Line>(path: string): Generator<Line> {
  let rest: Buffer = Buffer.alloc(0)
  for (const block of blocksOf(path)) {
    const bytes = Buffer.concat([rest, block])
    const end = bytes.lastIndexOf(LINE_END) + 1
    rest = bytes.subarray(end)
    for (const line of bytes.toString('utf8', 0, end).split('\n')) if (line !== '') yield JSON.parse(line) as Line
  }
}

function* blocksOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r')
  const block = Buffer.alloc(BLOCK_BYTES)
  try {
    for (let length = readSync(file, block); length > 0; length = readSync(file, block)) yield block.subarray(0, length)
  } finally {
    closeSync(file)
  }
}
