import { type Case, cases } from "./case";

const policy = (statement: object, version: string | undefined = "2012-10-17") => ({
  policy: JSON.stringify({
    ...(version && { Version: version }),
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...statement }],
  }),
});
const trust = (statement: object) => ({
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        ...{ Effect: "Allow", Action: "sts:AssumeRole" },
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        ...statement,
      },
    ],
  }),
});

export const identity: readonly Case[] = [
  ...cases(
    "iam/policy",
    "IAM/latest/UserGuide/reference_policies_grammar.html",
    { name: "chat" },
    {
      accepts: [
        ["all but some actions", policy({ Action: undefined, NotAction: "iam:*" })],
        ["the older version", policy({}, "2008-10-17")],
        ["no version", policy({}, "")],
        ["a variable", policy({ Resource: "arn:aws:s3:::chat/${aws:username}/*" })],
        ["addresses", policy({ Condition: { NotIpAddress: { "aws:SourceIp": ["192.0.2.0/24"] } } })],
        ["actions by a pattern", policy({ Action: ["s3:Get*", "s3:List?ucket"] })],
      ],
      refuses: [
        ["a hyphen in an id", policy({ Sid: "read-only" })],
        ["an effect in small letters", policy({ Effect: "allow" })],
        ["an action without service", policy({ Action: "GetObject" })],
        ["no resource", policy({ Resource: undefined })],
        ["a principal", policy({ Principal: "*" })],
        ["a version of this year", policy({}, "2026-01-01")],
        ["a name in place of an ARN", policy({ Resource: "chat-media" })],
        ["a pattern over services", policy({ Action: "s*:GetObject" })],
        ["a key without prefix", policy({ Condition: { StringEquals: { username: "bob" } } })],
        ["an ARN of no partition", policy({ Resource: "arn:amazon:s3:::chat/*" })],
      ],
    },
  ),
  ...cases(
    "iam/role",
    "IAM/latest/APIReference/API_CreateRole.html",
    { name: "chat", ...trust({}) },
    {
      accepts: [
        ["sessions of twelve hours", { maxSessionDuration: 43_200 }],
        ["a path", { path: "/chat/prod/" }],
        ["tags of a session", trust({ Action: ["sts:AssumeRole", "sts:TagSession"] })],
        ["an account as a whole", trust({ Principal: { AWS: "210987654321" } })],
      ],
      refuses: [
        ["sessions of 59 minutes", { maxSessionDuration: 3_599 }],
        ["a path without slashes", { path: "chat" }],
        ["a name of 65 characters", { name: "r".repeat(65) }],
        ["a resource in the trust", trust({ Resource: "*" })],
        ["a group as principal", trust({ Principal: { AWS: "arn:aws:iam::123456789012:group/ops" } })],
        ["a role by a pattern", trust({ Principal: { AWS: "arn:aws:iam::123456789012:role/*" } })],
      ],
    },
  ),
  ...cases(
    "kms/key",
    "kms/latest/APIReference/API_CreateKey.html",
    {},
    {
      accepts: [
        ["a key pair for signatures", { keyUsage: "SIGN_VERIFY", customerMasterKeySpec: "ECC_NIST_P256" }],
        ["a new key each quarter", { enableKeyRotation: true, rotationPeriodInDays: 90 }],
      ],
      refuses: [
        ["a key that is gone in six days", { deletionWindowInDays: 6 }],
        ["a new key each month", { enableKeyRotation: true, rotationPeriodInDays: 30 }],
        [
          "a key pair that rotates",
          { keyUsage: "SIGN_VERIFY", customerMasterKeySpec: "RSA_2048", enableKeyRotation: true },
        ],
        ["signatures by a symmetric key", { keyUsage: "SIGN_VERIFY" }],
        ["a kind of key that there is not", { customerMasterKeySpec: "RSA_1024" }],
      ],
    },
  ),
  ...cases(
    "ssm/parameter",
    "systems-manager/latest/userguide/sysman-paramstore-su-create.html",
    { name: "/chat/prod/key", type: "String", value: "x" },
    {
      accepts: [["a secret", { type: "SecureString" }]],
      refuses: [
        ["a type that there is not", { type: "Text" }],
        ["sixteen levels", { name: "/a".repeat(16) }],
        ["a name of AWS's", { name: "/aws/chat" }],
        ["a name with a blank", { name: "/chat/my key" }],
        ["five thousand characters", { value: "x".repeat(5_000) }],
        ["a value against its own pattern", { allowedPattern: "^\\d+$" }],
      ],
    },
  ),
  ...cases(
    "secretsmanager/secret",
    "secretsmanager/latest/apireference/API_CreateSecret.html",
    { name: "chat/db" },
    {
      accepts: [["all characters of a name", { name: "chat/_+=.@-" }]],
      refuses: [
        ["a recovery of six days", { recoveryWindowInDays: 6 }],
        ["a name with a blank", { name: "chat db" }],
        ["a name of 513 characters", { name: "s".repeat(513) }],
      ],
    },
  ),
  ...cases(
    "acm/certificate",
    "acm/latest/APIReference/API_RequestCertificate.html",
    { domainName: "chat.example.com", validationMethod: "DNS" },
    {
      accepts: [
        [
          "a key on a curve",
          { keyAlgorithm: "EC_prime256v1", subjectAlternativeNames: ["*.chat.example.com"] },
        ],
      ],
      refuses: [
        ["a wildcard in the middle", { domainName: "chat.*.example.com" }],
        ["a short key", { keyAlgorithm: "RSA_1024" }],
        ["a validation by telephone", { validationMethod: "PHONE" }],
        ["the domain of a host alone", { domainName: "localhost" }],
      ],
    },
  ),
];
