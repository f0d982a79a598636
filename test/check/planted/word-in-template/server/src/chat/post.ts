export const place = (name: string) => `channel ${name}`
