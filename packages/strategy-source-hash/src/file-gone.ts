/** A file that was there a moment ago is not, or says something else: whoever looks at a part of a program has to look at all of it. */
export class FileGone extends Error {}
