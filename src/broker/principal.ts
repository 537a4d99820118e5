/** Who everybody is while nothing authenticates. */
export const ANONYMOUS = 'User:ANONYMOUS'
