import { z } from 'zod'

export const composer = z
