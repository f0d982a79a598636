import { write } from '../store/write.ts'

export const post = write
