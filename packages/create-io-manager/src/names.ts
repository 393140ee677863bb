const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_LENGTH = 50;

/** What a backend is called, where. */
export interface BackendNames {
  /** `my-backend` */
  readonly backend: string;
  /** `memo-io-my-backend` */
  readonly packageName: string;
  /** `myBackend`, which begins the factory's name. */
  readonly camel: string;
  /** `MyBackend`, which begins the names of types. */
  readonly pascal: string;
}

/** The names for a backend. Throws a `TypeError` for what cannot be part of a package's name. */
export function namesOf(backend: string): BackendNames {
  if (!NAME.test(backend) || backend.length > MAX_LENGTH) {
    throw new TypeError(
      `${JSON.stringify(backend)} is not a name: use lower-case letters and digits, with single dashes between words, for example my-backend.`,
    );
  }
  const pascal = backend
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  return { backend, packageName: `memo-io-${backend}`, camel, pascal };
}
