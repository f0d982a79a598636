import { createUser } from '#accounts/create-user.ts'

export const postMessage = createUser
