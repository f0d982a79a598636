import { notify } from '#notifications/notify.ts'

export const postMessage = notify
