import { MemoError, type Uncertainty } from '@memo/core/plugin';

export function gitNotFound(git: string, cause: unknown): MemoError {
  return new MemoError('M4020', `${JSON.stringify(git)} cannot be started`, {
    because: 'versions by git come from the objects of a repository, which only git reads',
    fix: `install git, name it (gitVersion({ git: '/path/to/git' })), or let another strategy step in: firstOf(gitVersion(), sourceHash())`,
    details: { git },
    cause,
  });
}

export function notARepository(name: string, file: string): MemoError {
  return new MemoError('M4021', `The code of ${name} is in no git repository`, {
    because: 'no directory above the file that defines it has a .git',
    fix: `run "git init", keep .git beside the code, declare a version on it (version: '1'), or let another strategy step in: firstOf(gitVersion(), sourceHash())`,
    place: { file },
    details: { name, file },
  });
}

export function gitFailed(root: string, command: string, because: string): MemoError {
  return new MemoError('M4022', `git cannot answer for the repository in ${root}`, {
    because: `git ${command}: ${because}`,
    fix: `run "git status" there, and do what it says`,
    details: { repository: root, command },
  });
}

export function uncommitted(name: string, files: readonly string[]): MemoError {
  const [first = ''] = files;
  const others = files.length > 1 ? ` and ${otherFiles(files)} are` : ' is';
  return new MemoError('M4023', `${name} has no version: ${first}${others} not committed as it is`, {
    because: `gitVersion({ dirty: 'error' }) gives versions to what is committed only`,
    fix: 'commit the code, or leave `dirty` out',
    place: { file: first },
    details: { name, files },
  });
}

export function editedMeanwhile(name: string, files: readonly string[]): MemoError {
  const [first = ''] = files;
  const others = files.length > 1 ? ` and ${otherFiles(files)} were` : ' was';
  return new MemoError('M4007', `${name} has no version: ${first}${others} edited since loaded`, {
    because: 'a version stands for what this process loaded, and the file may now be another',
    fix: 'restart the process',
    place: { file: first },
    details: { name, files },
  });
}

export function untrackable(name: string, uncertain: readonly Uncertainty[]): MemoError {
  const [first] = uncertain;
  return new MemoError('M4010', `The code of ${name} does what its version cannot see`, {
    ...(first === undefined ? {} : { because: `${first.kind}: ${first.message}` }),
    fix: `change the code, declare a version on it (version: '1'), or use gitVersion({ onUntrackable: 'warn' })`,
    place: first?.place,
    details: { name, uncertain },
  });
}

function otherFiles({ length }: readonly string[]): string {
  return length === 2 ? 'another file' : `${length - 1} other files`;
}

/** One error for many: each code and place once, however many ops it concerns. */
export function gathered(errors: readonly MemoError[]): MemoError | undefined {
  const [first] = errors;
  if (first === undefined || errors.length === 1) return first;
  const distinct = new Map(errors.map((error) => [`${error.code} ${error.place?.file ?? error.problem}`, error]));
  return new MemoError(first.code, `${errors.length} ops or resources have no version`, {
    ...(first.fix === undefined ? {} : { fix: first.fix }),
    place: first.place,
    details: first.details,
    errors: [...distinct.values()],
  });
}
