import type { Questions } from "./question";

/** Questions about prices, and those that a person answers after the run. */
export const prices = {
  "savings-plan": {
    page: "docs/guide-gaps.md",
    words: "1-year Savings Plan rate",
    asks: "What does an hour of a Fargate vCPU cost with a Compute Savings Plan of a year, nothing upfront?",
    assumes: "15 to 20 % less than the list price",
    at: ["small"],
    sh: `offering=$(aws savingsplans describe-savings-plans-offerings --region us-east-1 --plan-types Compute \\
  --payment-options 'No Upfront' --durations 31536000 --query 'searchResults[0].offeringId' --output text)
aws savingsplans describe-savings-plans-offering-rates --region us-east-1 --savings-plan-offering-ids "$offering" \\
  --products Fargate --filters "name=region,values=$region" --query 'searchResults[].[usageType,rate,unit]' --output text |
  grep -E 'Fargate-(vCPU|GB)-Hours'`,
  },
  "reserved-nodes": {
    page: "docs/guide-gaps.md",
    words: "RDS RI 1-year 28-35 %",
    asks: "What does an hour of the medium database cost when it is reserved for a year, nothing upfront?",
    assumes: "28 to 35 % less than the list price",
    at: ["small"],
    sh: `aws rds describe-reserved-db-instances-offerings --db-instance-class db.t3.medium --product-description postgresql \\
  --duration 31536000 --offering-type 'No Upfront' --no-multi-az \\
  --query 'ReservedDBInstancesOfferings[].RecurringCharges[].RecurringChargeAmount' --output text
aws elasticache describe-reserved-cache-nodes-offerings --cache-node-type cache.t3.small --product-description redis \\
  --duration 31536000 --offering-type 'No Upfront' \\
  --query 'ReservedCacheNodesOfferings[].RecurringCharges[].RecurringChargeAmount' --output text`,
  },
  "the-bill": {
    page: "docs/guide-gaps.md",
    words: "quote the real price, computed from list prices",
    asks: "What did AWS charge for the run?",
    assumes: "no more than the record's cost.spent",
    at: [],
    sh: `two days later, with Acceptance activated as a cost allocation tag: aws ce get-cost-and-usage --granularity DAILY --metrics UnblendedCost --time-period Start=<day>,End=<day after> --filter '{"Tags":{"Key":"Acceptance","Values":["<run>"]}}' --group-by Type=DIMENSION,Key=SERVICE`,
  },
  "plans-of-cloudfront": {
    page: "docs/guide-gaps.md",
    words: "CloudFront flat plans for WebSockets",
    asks: "Do CloudFront's flat-rate plans carry WebSockets?",
    assumes: "nothing: the program uses no distribution for sockets",
    at: [],
    sh: "no API tells: read https://aws.amazon.com/cloudfront/pricing/ and ask AWS Support",
  },
  "redis-on-other-nodes": {
    page: "docs/guide-gaps.md",
    words: "Redis ms/message on Graviton/Valkey with I/O threads, cost of the pub/sub layer",
    asks: "What does a message cost the cache on Graviton, on Valkey, and with the pub/sub layer?",
    assumes: "docs/capacity.md's figures, measured on one x86 machine",
    at: [],
    sh: "loadtest/run --stack <stack> --image <its image> with chatpop:cacheNodeType, cacheEngine and channelLayer set in turn; read EngineCPUUtilization",
  },
  "figures-on-fargate": {
    page: "docs/guide-gaps.md",
    words: "measured figures on real Fargate (not run on AWS)",
    asks: "How many sockets and messages does a task of each scale bear on Fargate?",
    assumes: "docs/capacity.md's figures, measured on one machine",
    at: [],
    sh: "loadtest/run --stack <stack> --image <its image>, which prints its price first",
  },
  "the-deploying-role": {
    page: "docs/delivery.md",
    words: "what a provider really",
    asks: "Does the deploying role suffice for a deployment from GitHub?",
    assumes: "yes: its actions were compared with AWS's table of actions",
    at: [],
    sh: "the first run of deploy.yml; AccessDenied names what is missing",
  },
} as const satisfies Questions;
