import { Composer } from '#room/composer.tsx'

export const Bell = Composer
