/**
 * Prints what a check found and sets the exit code of its program.
 *
 * @param {string[]} problems
 */
export function printProblems(problems) {
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}
