/** Bounds of the protocol: what is beyond them is refused. PROTOCOL.md says what happens at each. */

export const MESSAGE_MAX_CHARS = 16_000
export const FRAME_MAX_BYTES = 128 * 1024
export const TOPICS_PER_CONNECTION_MAX = 128
export const PAGE_MAX_ITEMS = 200
export const PAGE_DEFAULT_ITEMS = 50
/** Standing reactions of a message, and the different emoji among them. */
export const REACTIONS_PER_MESSAGE_MAX = 300
export const EMOJI_PER_MESSAGE_MAX = 20
/** Texts that a message has had, the present one among them. */
export const VERSIONS_MAX = 100
/** Unread messages of a room are counted up to here: so many are so many, or more. */
export const UNREAD_MAX = 100
/** So many rooms are read in one write. */
export const READ_ROOMS_MAX = 200
export const PROFILES_MAX_IDS = 100
/** In a conversation, oneself among them. */
export const DIRECT_PEOPLE_MAX = 20
/** So many names in a text name somebody; further ones are text. */
export const NAMED_MAX = 50
/** So many people can be blocked at once. */
export const BLOCKS_MAX = 500
/** Whose presence a connection is told of. */
export const LOOKED_AT_MAX_IDS = 200
/** Do not disturb ends by itself. */
export const DND_MAX_MS = 30 * 24 * 60 * 60 * 1000

export const USERNAME_MAX_CHARS = 32
export const NAME_MAX_CHARS = 64
export const ROOM_DESCRIPTION_MAX_CHARS = 500
export const PASSWORD_MIN_CHARS = 8
export const PASSWORD_MAX_CHARS = 256

export const PICTURE_MAX_BYTES = 64 * 1024
/** Wide, and high. */
export const PICTURE_MAX_PIXELS = 1024

export const INVITE_USES_MAX = 10_000
/** Into so many rooms leads an invitation. */
export const INVITE_ROOMS_MAX = 50
export const INVITE_LASTS_MAX_MS = 365 * 24 * 60 * 60 * 1000

export const RECIPIENTS_MAX = 500
export const TITLE_MAX_CHARS = 200
export const NOTIFICATION_BODY_MAX_CHARS = 4_000
export const URL_MAX_CHARS = 2_048
export const KEY_MAX_CHARS = 200
export const CATEGORY_MAX_CHARS = 64

/** An id that its client made longer ago than this is refused (`expired`): tombstones are kept longer. */
export const ID_MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000

export const PING_EVERY_MS = 25_000
/** A connection that was not heard for this long is closed. Browsers wake the timers of hidden pages once a minute: two such pings may be missed. */
export const SILENCE_MAX_MS = 150_000
/** A stream, over which nobody can ping, says so often that it lives. */
export const STREAM_PULSE_EVERY_MS = 15_000
export const HELLO_WITHIN_MS = 5_000
