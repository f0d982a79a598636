export type Bus = import('#store/write.ts').Write
