export { write } from '#store/write.ts'
