import type { Write } from '#store/write.ts'

export type Bus = Write
