import type { Questions } from "./question";

const memory = "max_connections shared_buffers effective_cache_size";

/** Questions about the database, its proxy, the cache and the media. */
export const data = {
  "max-connections": {
    page: "docs/guide-gaps.md",
    words: "exact max_connections per class (below the naive bound)",
    asks: "Which max_connections and buffers does RDS's formula give the class?",
    assumes: "a little less than 225 for db.t3.small and 450 for db.t3.medium",
    at: ["small", "medium"],
    sh: `aws rds describe-db-instances --db-instance-identifier "$database" --query 'DBInstances[0].DBInstanceClass' --output text
settings ${memory}`,
  },
  "certificates-in-lambda": {
    page: "docs/release.md",
    words: "its certificate has to be signed",
    asks: "Do the authorities in Lambda's runtime know RDS's certificate?",
    assumes: "yes: the index build has connected with them, and every index is valid",
    at: ["small"],
    sh: `aws rds describe-db-instances --db-instance-identifier "$database" --query 'DBInstances[0].CACertificateIdentifier' --output text
echo "$indexes"`,
    assumed: /^(?!.*(:|failed|invalid)).*valid/s,
  },
  "proxy-pins": {
    page: "docs/aws.md",
    words: "psycopg2 (simple protocol) does not pin by itself",
    asks: "How many connections does the proxy pin while the chat is used?",
    assumes: "none",
    at: ["medium"],
    sh: `measured AWS/RDS DatabaseConnectionsCurrentlySessionPinned Sum 1200 "Name=ProxyName,Value=$proxy" \\
  "Name=TargetGroup,Value=default" "Name=TargetRole,Value=READ_WRITE"`,
    assumed: /^(0(\.0)?\s*)*$/,
  },
  "proxy-and-storage-optimization": {
    page: "docs/architecture.md",
    words:
      "that grows is in `storage-optimization` for hours, in which RDS takes no second growth and refuses the instance as a proxy's",
    asks: "Does a proxy take an instance whose storage has just grown, and does its target stay available?",
    assumes: "RDS refuses it as a new target; one that is registered stays available",
    at: ["end"],
    sh: `size=$(aws rds describe-db-instances --db-instance-identifier "$database" --query 'DBInstances[0].AllocatedStorage')
aws rds modify-db-instance --db-instance-identifier "$database" --allocated-storage $((size * 12 / 10)) \\
  --apply-immediately --query 'DBInstance.DBInstanceStatus' --output text
for _ in $(seq 40); do
  sleep 30
  status=$(aws rds describe-db-instances --db-instance-identifier "$database" --query 'DBInstances[0].DBInstanceStatus' --output text)
  health=$(aws rds describe-db-proxy-targets --db-proxy-name "$proxy" --query 'Targets[0].TargetHealth.State' --output text)
  echo "$status: target $health"
  if [ "$status" = storage-optimization ]; then
    aws rds deregister-db-proxy-targets --db-proxy-name "$proxy" --db-instance-identifiers "$database"
    says aws rds register-db-proxy-targets --db-proxy-name "$proxy" --db-instance-identifiers "$database"
    break
  fi
done`,
    assumed: /storage-optimization: target AVAILABLE\n.*Invalid/s,
  },
  "parameter-group-of-a-replica": {
    page: "docs/aws.md",
    words: "Parameter group cannot be given at creation in the same region",
    asks: "Does RDS take a parameter group when it makes a replica in the same region?",
    assumes: "no: InvalidParameterCombination",
    at: ["end"],
    sh: `parameters=$(aws rds describe-db-instances --db-instance-identifier "$database" \\
  --query 'DBInstances[0].DBParameterGroups[0].DBParameterGroupName' --output text)
if aws rds create-db-instance-read-replica --db-instance-identifier "$database-asked" --source-db-instance-identifier "$database" \\
  --db-parameter-group-name "$parameters" --tags "$owned" --query 'DBInstance.DBInstanceStatus' --output text 2>&1; then
  aws rds wait db-instance-available --db-instance-identifier "$database-asked"
  aws rds delete-db-instance --db-instance-identifier "$database-asked" --skip-final-snapshot >/dev/null
  aws rds wait db-instance-deleted --db-instance-identifier "$database-asked"
fi`,
    assumed: /InvalidParameterCombination/,
  },
  "private-acl": {
    page: "docs/guide-gaps.md",
    words: "S3 and `x-amz-acl: private` under BucketOwnerEnforced",
    asks: "Does a new bucket take an object with the ACL `private`, and does the chat's own?",
    assumes: "the new one refuses (AccessControlListNotSupported), the chat's takes it",
    at: ["small"],
    sh: `asked=chatpop-acceptance-$run
place=()
[ "$region" = us-east-1 ] || place=(--create-bucket-configuration "LocationConstraint=$region")
aws s3api create-bucket --bucket "$asked" \${place[@]+"\${place[@]}"} >/dev/null
trap 'aws s3api delete-object --bucket "$asked" --key asked; aws s3api delete-bucket --bucket "$asked"' EXIT
aws s3api put-bucket-tagging --bucket "$asked" --tagging "TagSet=[{$owned}]"
echo "new bucket: $(says aws s3api put-object --bucket "$asked" --key asked --acl private)"
echo "the chat's: $(inside "
import boto3
answer = boto3.client('s3').put_object(Bucket='$bucket', Key='acceptance', Body=b'', ACL='private')
print(answer['ResponseMetadata']['HTTPStatusCode'])")"`,
    assumed: /new bucket: .*AccessControlListNotSupported.*\n.*chat's: .*200/s,
  },
  "unready-service-linked-roles": {
    page: "docs/aws.md",
    words: "nor what RDS and ElastiCache answer",
    asks: "Did the first update of an account without AWS's own roles for RDS and ElastiCache fail, and how?",
    assumes: "it fails, for the provider does not retry these answers, and the second one succeeds",
    at: ["small"],
    sh: `for role in RDS ElastiCache; do
  echo "$role: $(says aws iam get-role --role-name AWSServiceRoleFor$role --query 'Role.CreateDate' --output text)"
done
echo "run began $started; a role that is older was there before it"`,
  },
} as const satisfies Questions;
