/**
 * Runtimes of Lambda that AWS has deprecated by December 2025: it mends none of them, then refuses new functions, and at
 * last updates too.
 */
export const endedRuntimes: readonly string[] = [
  ...["nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x"],
  ...["nodejs14.x", "nodejs16.x", "nodejs18.x"],
  ...["python2.7", "python3.6", "python3.7", "python3.8", "python3.9"],
  ...["ruby2.5", "ruby2.7", "java8", "go1.x", "provided"],
  ...["dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet5.0", "dotnet6", "dotnet7"],
];
