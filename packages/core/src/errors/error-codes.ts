/**
 * The closed table of error codes. A code is stable within a major version; its message is not.
 * Every row has a page (`docs/errors/<code>.md`) and a test that triggers it.
 *
 * M1… command line and config file · M2… definition and wiring · M3… config and resources · M4… versions and memoization ·
 * M5… storage · M6… running · M7… selection · M9… installation.
 */
export const ERROR_CODES = {
  M1001: { name: 'config-not-found', summary: 'There is no memo.config.* in the directory or above it.' },
  M1002: { name: 'wrong-usage', summary: 'A command line says something that no command takes.' },
  M1003: { name: 'unknown-job', summary: 'The project has no job of that name, or several and none was named.' },
  M1004: { name: 'config-without-jobs', summary: 'The config file does not export what defineConfig() gives.' },
  M1005: {
    name: 'config-not-loadable',
    summary: 'The config file, or something that it imports, throws an error while it is loaded.',
  },
  M1006: { name: 'record-not-found', summary: 'There is no run, version or value of that name.' },
  M2000: { name: 'invalid-definition', summary: 'A job has several definition errors; all are listed.' },
  M2101: { name: 'op-outside-build', summary: "An op was called outside a job's build()." },
  M2102: { name: 'duplicate-step-id', summary: 'Two steps of one job have the same explicit id.' },
  M2103: { name: 'async-build', summary: 'build() returned a promise; it only wires steps.' },
  M2104: { name: 'ref-used-as-value', summary: 'A reference to a future output was read as if it were the value.' },
  M2106: {
    name: 'nested-ref',
    summary: 'A reference is nested inside an object or array that is passed as one input, or in a config.',
  },
  M2107: { name: 'wrong-inputs', summary: 'A step misses an input or has one that the op does not take.' },
  M2108: { name: 'build-not-deterministic', summary: 'build() gave two different graphs for one config.' },
  M2109: { name: 'cycle', summary: 'Steps depend on each other in a circle.' },
  M2110: { name: 'duplicate-op', summary: 'Two different functions share one namespace and op name.' },
  M2111: { name: 'foreign-ref', summary: 'A reference belongs to another build() than the one that uses it.' },
  M2112: { name: 'build-failed', summary: 'build() threw an error.' },
  M2113: { name: 'unencodable-literal', summary: 'A literal input or config value cannot be part of a version.' },
  M2114: { name: 'wrong-result', summary: 'build() returned something that is not an output of a step.' },
  M3001: { name: 'invalid-config', summary: 'A config value is missing, unknown or of the wrong type.' },
  M3004: { name: 'resource-not-provided', summary: 'An op requires a resource that nothing provides.' },
  M3005: { name: 'secret-in-version', summary: 'A secret of the job would become part of a version in clear.' },
  M3006: { name: 'secret-without-key', summary: 'A secret that counts for the version needs MEMO_SECRET_KEY.' },
  M3007: { name: 'resource-cycle', summary: 'Resources require each other in a circle.' },
  M3008: { name: 'resource-setup-failed', summary: "A resource's setup failed." },
  M3009: { name: 'resource-teardown-failed', summary: "A resource's teardown failed." },
  M3010: { name: 'duplicate-resource', summary: 'Two different resources share one name.' },
  M4001: { name: 'op-without-version', summary: 'A memoized job has an op that nothing gives a version.' },
  M4002: { name: 'manager-not-memoizable', summary: 'A memoized job uses an IO manager without hasOutput().' },
  M4003: { name: 'invalid-version', summary: 'A version strategy gave something that is not a version.' },
  M4005: { name: 'strategy-failed', summary: 'A version strategy threw an error.' },
  M4007: { name: 'edited-since-loaded', summary: 'A source file changed after this process loaded it.' },
  M4008: { name: 'provided-without-version', summary: 'A provided resource value has no version in a memoized job.' },
  M4009: { name: 'definition-site-unknown', summary: 'A strategy cannot tell where an op or resource is defined.' },
  M4010: { name: 'untrackable-code', summary: 'Code does what a version cannot see, and the policy forbids it.' },
  M4011: { name: 'not-blessable', summary: 'No stored result of a step can stand for what it would give.' },
  M4012: { name: 'no-answer', summary: 'A version strategy or a config schema gave no answer in time.' },
  M4020: { name: 'git-not-found', summary: 'The git program cannot be started.' },
  M4021: { name: 'not-a-repository', summary: 'Code that git is to version is in no git repository.' },
  M4022: { name: 'git-failed', summary: 'git cannot read a repository.' },
  M4023: { name: 'uncommitted-code', summary: 'Code is not committed as it is, and the policy forbids that.' },
  M5001: { name: 'output-not-encodable', summary: 'An output holds something that cannot be stored.' },
  M5002: { name: 'store-unavailable', summary: 'A store refused an operation or cannot be reached.' },
  M5003: { name: 'output-damaged', summary: 'Stored bytes are truncated, changed or foreign.' },
  M5004: { name: 'output-not-found', summary: 'An output is not in the store.' },
  M5005: { name: 'output-absent', summary: 'An optional output was not returned by its op.' },
  M5006: { name: 'store-not-writable', summary: 'A store is read-only, full, or its path cannot be used.' },
  M5008: { name: 'presence-unknown', summary: 'An IO manager could not tell whether an output exists.' },
  M5009: { name: 'records-unavailable', summary: 'Bindings cannot be read or written.' },
  M5010: { name: 'unknown-manager', summary: 'An output names an IO manager that the job does not have.' },
  M6001: { name: 'op-failed', summary: 'An op threw an error.' },
  M6002: { name: 'wrong-outputs', summary: 'An op returned outputs that differ from what it declares.' },
  M6003: { name: 'op-timeout', summary: 'An op passed its timeout.' },
  M6004: { name: 'run-cancelled', summary: 'A run was cancelled by its signal.' },
  M6006: { name: 'run-failed', summary: 'A run had failed steps and its result was unwrapped.' },
  M6008: { name: 'would-run', summary: "A step would run, but the run's memo mode is 'require'." },
  M6009: { name: 'value-kept-vanishing', summary: 'A stored value vanished again each time it was recomputed.' },
  M6011: { name: 'step-did-not-run', summary: 'The output of a step that failed or was skipped was asked for.' },
  M7001: { name: 'selection-matches-nothing', summary: 'A selector matches no step.' },
  M9001: { name: 'two-copies-of-core', summary: 'Two copies of @memo/core are loaded in one process.' },
  M9002: { name: 'node-too-old', summary: 'The Node that runs memo is older than it needs.' },
} as const;

/** A code of the table, for example `'M5004'`. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** The kebab-case name of a code, for example `'output-not-found'`. */
export type ErrorName = (typeof ERROR_CODES)[ErrorCode]['name'];
