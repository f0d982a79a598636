export const place = 'channel'
