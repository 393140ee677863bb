/** What compilers use for JSX where nobody says what. */
export const DEFAULT_FACTORY = 'React';
