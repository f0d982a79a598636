export const channelId = 1
