import { resourceRule } from "../rule";

export const databaseNotPublic = resourceRule(
  {
    name: "database-not-public",
    type: "aws:rds/instance:Instance",
    description: "No database has a public address",
    severity: "critical",
    requirements: ["G-45", "G-111"],
    remedy: "publiclyAccessible: false",
    publicChecks: ["CKV_AWS_17", "AWS-0180", "RDS2"],
  },
  [
    (properties) =>
      properties["publiclyAccessible"] === true
        ? "the instance has a public address (publiclyAccessible)"
        : undefined,
  ],
);
