// Stand-in for the application's `manage.py`, limited to the commands of a release.
import type { Client } from "pg";
import type { Run } from "../../packages/embedded-aws/api/container";
import { connect, OperationalError } from "./connection";
import { book, migrations, type Migration } from "./migrations";

const traceback = [
  "Traceback (most recent call last):",
  '  File "/app/manage.py", line 22, in <module>',
  "    main()",
];

/** Runs the command and returns its exit code. */
export async function runCommand(run: Run): Promise<number> {
  const [program = "", script = "", name = ""] = run.command;
  if (!/^(\/\S+\/)?python[\d.]*$/.test(program) || !/^(\/?\S+\/)?manage\.py$/.test(script)) {
    run.say(
      `The embedded AWS runs no ${program || "empty command"}: offline/chatpop/manage.ts says what it runs`,
    );
    return 127;
  }
  if (name !== "migrate") {
    run.say(`Unknown command: '${name}'`);
    run.say("Type 'manage.py help' for usage.");
    return 1;
  }
  try {
    await migrate(run);
    return 0;
  } catch (error) {
    for (const line of [...traceback, ...djangoError(error as Error).split("\n")]) run.say(line);
    return 1;
  }
}

async function migrate(run: Run): Promise<void> {
  const client = await connect(run.environment, run.routes);
  try {
    const all = migrations();
    const apps = [...new Set(all.map(({ app }) => app))].sort().join(", ");
    run.say("Operations to perform:");
    run.say(`  Apply all migrations: ${apps}`);
    run.say("Running migrations:");
    if (run.failure !== undefined) throw new Error(run.failure);
    await client.query(book);
    const { rows } = await client.query<{ app: string; name: string }>(
      "SELECT app, name FROM django_migrations",
    );
    const pending = all.filter(({ app, name }) => !rows.some((row) => row.app === app && row.name === name));
    if (pending.length === 0) run.say("  No migrations to apply.");
    for (const migration of pending) {
      await apply(client, migration);
      run.say(`  Applying ${migration.app}.${migration.name}... OK`);
    }
  } finally {
    await client.end();
  }
}

/** A migration is one transaction together with its entry in the book. */
async function apply(client: Client, { app, name, statements }: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(statements);
    await client.query("INSERT INTO django_migrations (app, name, applied) VALUES ($1, $2, now())", [
      app,
      name,
    ]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}

/** Django's exception class, before the database's message. */
function djangoError(error: Error): string {
  if (error instanceof OperationalError) return `django.db.utils.OperationalError: ${error.message}`;
  return /^[\w.]+(Error|Exception): /.test(error.message)
    ? error.message
    : `django.db.utils.ProgrammingError: ${error.message}`;
}
