import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { application } from "../stacks/guide";
import type { SecretsPlan } from "../stacks/plan/decisions";

/** Which passwords are in force, and how hard it is to lose them. */
export interface SecretsArgs {
  /** Versions of the passwords; a higher one draws anew. */
  readonly plan: SecretsPlan;
  /** Keeps Pulumi from deleting the secrets. */
  readonly deletionProtection: boolean;
  /** Lets AWS forget a deleted secret at once, not after 30 days. */
  readonly disposable: boolean;
}

/**
 * The passwords of a stack, drawn by the program and kept in Secrets Manager. A higher version draws another one.
 *
 * The master password is not RDS-managed: RDS would rotate it under running tasks, and a PostgreSQL instance with a
 * managed password cannot have replicas (GAP-50).
 */
export class Secrets extends pulumi.ComponentResource {
  /** Master password of the database. */
  readonly databasePassword: pulumi.Output<string>;
  /** Secret with the JSON object `{"username", "password"}`, the form that RDS Proxy reads. */
  readonly databaseSecretArn: pulumi.Output<string>;
  /** Secret with Django's `SECRET_KEY`. */
  readonly djangoSecretKeyArn: pulumi.Output<string>;

  constructor(name: string, args: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:data:Secrets", name, {}, opts);
    const protect = args.deletionProtection;

    const password = new random.RandomPassword(
      `${name}-db-password`,
      {
        length: 32,
        // RDS refuses slash, at sign, double quote and blank; this list is the one that the application itself uses.
        overrideSpecial: "!#$%&*+-=?_",
        minLower: 1,
        minUpper: 1,
        minNumeric: 1,
        keepers: keepersOf(args.plan.databasePasswordVersion),
      },
      { parent: this },
    );
    const djangoSecretKey = new random.RandomPassword(
      `${name}-django-secret-key`,
      {
        length: 64,
        overrideSpecial: "!#$%&*+-=?_",
        keepers: keepersOf(args.plan.djangoSecretKeyVersion),
      },
      { parent: this },
    );

    const store = (suffix: string, description: string, secretString: pulumi.Input<string>) => {
      const secret = new secretsmanager.Secret(
        `${name}-${suffix}`,
        { description, recoveryWindowInDays: args.disposable ? 0 : 30 },
        { parent: this, protect },
      );
      const version = new secretsmanager.SecretVersion(
        `${name}-${suffix}`,
        { secretId: secret.id, secretString },
        { parent: this },
      );
      // The version's ARN is the secret's, and exists only once there is a value to read.
      return version.arn;
    };
    this.databaseSecretArn = store(
      "db-password",
      "Master user of the ChatPop database",
      pulumi.jsonStringify({ username: application.databaseUser, password: password.result }),
    );
    // Whoever waits for the password waits for the secret: the database never has one that nobody could look up.
    this.databasePassword = pulumi.all([password.result, this.databaseSecretArn]).apply(([result]) => result);
    this.djangoSecretKeyArn = store("django-secret-key", "Django's SECRET_KEY", djangoSecretKey.result);
    this.registerOutputs({
      databaseSecretArn: this.databaseSecretArn,
      djangoSecretKeyArn: this.djangoSecretKeyArn,
    });
  }
}

/** The first version has none, so that a stack from before there were versions draws nothing anew. */
const keepersOf = (version: number) => (version > 1 ? { version: String(version) } : undefined);
