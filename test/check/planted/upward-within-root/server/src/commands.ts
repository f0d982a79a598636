import { app } from './app.ts'

export const commands = app
