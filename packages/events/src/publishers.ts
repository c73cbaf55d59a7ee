/** The services that publish, each its own log. Their events are elsewhere: they load slower. */
export const publishers = ['enrollment', 'assessment', 'certification', 'reporting'] as const
