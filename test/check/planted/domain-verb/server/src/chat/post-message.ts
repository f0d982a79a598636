import { createUser } from '#accounts/add-user.ts'

export const postMessage = createUser
