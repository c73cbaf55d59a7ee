/** The services that publish, each its own log. What they publish takes longer to load. */
export const publishers = ['enrollment', 'assessment', 'certification', 'reporting'] as const
