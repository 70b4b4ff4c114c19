// Subnets, NAT gateways, machines, buckets, users and identity providers.
import type { World } from "../world";
import { type Case, cases } from "./case";

const vpcId = "vpc-00000001";
const bucket = (world: World) => world.create("s3/bucket", { bucket: "media" }).id;
const encrypted = (change: object) => ({
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256", ...change } }],
});
const machine = { ami: "ami-0123456789abcdef0", instanceType: "t3.micro", subnetId: "subnet-0000000a" };

export const places: readonly Case[] = [
  ...cases(
    "s3/bucketServerSideEncryptionConfiguration",
    "AmazonS3/latest/API/API_PutBucketEncryption.html",
    (world) => ({ bucket: bucket(world) }),
    {
      accepts: [
        ["S3's own keys", encrypted({})],
        [
          "AWS's key, once for the bucket",
          {
            rules: [
              { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" }, bucketKeyEnabled: true },
            ],
          },
        ],
        [
          "no keys of clients",
          {
            rules: [
              {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
                blockedEncryptionTypes: ["SSE-C"],
              },
            ],
          },
        ],
      ],
      refuses: [
        ["an algorithm that there is not", encrypted({ sseAlgorithm: "AES128" })],
        ["two rules", { rules: [...encrypted({}).rules, ...encrypted({}).rules] }],
      ],
    },
  ),
  ...cases(
    "s3/bucketVersioning",
    "AmazonS3/latest/API/API_PutBucketVersioning.html",
    (world) => ({ bucket: bucket(world) }),
    {
      accepts: [["versions", { versioningConfiguration: { status: "Enabled" } }]],
      refuses: [["versions in words", { versioningConfiguration: { status: "On" } }]],
    },
  ),
  ...cases(
    "ec2/subnet",
    "vpc/latest/userguide/subnet-sizing.html",
    (world) => ({ vpcId: world.create("ec2/vpc", { cidrBlock: "10.9.0.0/16" }).id }),
    {
      accepts: [
        ["the smallest subnet", { cidrBlock: "10.9.0.0/28" }],
        ["a zone by its id", { cidrBlock: "10.9.1.0/24", availabilityZoneId: "use1-az1" }],
      ],
      refuses: [
        ["a subnet of eight addresses", { cidrBlock: "10.9.0.0/29" }],
        ["a subnet outside", { cidrBlock: "10.8.0.0/24" }],
        ["a zone of another region", { cidrBlock: "10.9.0.0/24", availabilityZone: "eu-west-1a" }],
        ["a zone that there is not", { cidrBlock: "10.9.0.0/24", availabilityZone: "us-east-1z" }],
        [
          "a zone twice",
          { cidrBlock: "10.9.0.0/24", availabilityZone: "us-east-1a", availabilityZoneId: "use1-az1" },
        ],
      ],
    },
  ),
  ...cases(
    "ec2/natGateway",
    "vpc/latest/userguide/vpc-nat-gateway.html",
    (world) => ({ subnetId: world.create("ec2/subnet", { vpcId, cidrBlock: "10.0.9.0/24" }).id }),
    {
      accepts: [
        ["a private one", { connectivityType: "private" }],
        ["a public one", (world) => ({ allocationId: world.create("ec2/eip", { domain: "vpc" }).id })],
      ],
      refuses: [
        ["a public one without address", {}],
        [
          "a private one with an address",
          (world) => ({
            connectivityType: "private",
            allocationId: world.create("ec2/eip", { domain: "vpc" }).id,
          }),
        ],
        ["an address that there is not", { allocationId: "eipalloc-0123456789abcdef0" }],
      ],
    },
  ),
  ...cases("ec2/instance", "AWSEC2/latest/APIReference/API_RunInstances.html", machine, {
    accepts: [
      [
        "tokens for the metadata",
        { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 2 } },
      ],
      ["a disk of gp3", { rootBlockDevice: { volumeType: "gp3", volumeSize: 20, throughput: 250 } }],
    ],
    refuses: [
      ["an image of another form", { ami: "ubuntu" }],
      ["a type that there is not", { instanceType: "t3.gigantic" }],
      ["sixty-five hops", { metadataOptions: { httpPutResponseHopLimit: 65 } }],
      ["a disk of gp4", { rootBlockDevice: { volumeType: "gp4" } }],
      ["throughput of gp2", { rootBlockDevice: { volumeType: "gp2", throughput: 250 } }],
      ["IOPS of st1", { rootBlockDevice: { volumeType: "st1", volumeSize: 500, iops: 3_000 } }],
      ["a family that there is not", { instanceType: "z9.large" }],
    ],
  }),
  ...cases(
    "iam/user",
    "IAM/latest/APIReference/API_CreateUser.html",
    {},
    {
      accepts: [["signs in a name", { name: "bob+ops@example.com" }]],
      refuses: [
        ["a name of 65 characters", { name: "u".repeat(65) }],
        ["a name with a blank", { name: "bob smith" }],
      ],
    },
  ),
  ...cases(
    "iam/openIdConnectProvider",
    "IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html",
    { url: "https://token.actions.githubusercontent.com", clientIdLists: ["sts.amazonaws.com"] },
    {
      accepts: [["a thumbprint", { thumbprintLists: ["6938fd4d98bab03faadb97b34396831e3780aea1"] }]],
      refuses: [
        ["a page without TLS", { url: "http://example.com" }],
        ["a short thumbprint", { thumbprintLists: ["6938fd"] }],
        ["six thumbprints", { thumbprintLists: Array(6).fill("6938fd4d98bab03faadb97b34396831e3780aea1") }],
      ],
    },
  ),
];
