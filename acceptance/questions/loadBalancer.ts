import type { Questions } from "./question";

/** Open sockets during a question: enough to stand out from the chat's own traffic, few enough for one task. */
const sockets = 300;

/** Questions about the load balancer, the tasks and their metrics. */
export const loadBalancer = {
  "active-connections": {
    page: "docs/aws.md",
    words: "Factor 2: both legs (client→ALB, ALB→target) are counted",
    asks: `How many active connections does CloudWatch count for ${sockets} sockets that stay open?`,
    assumes: "twice as many: autoscaling divides by 2",
    at: ["small"],
    sh: `$hold ${sockets} 360 >/dev/null &
sleep 350
echo "${sockets} sockets: $(measured AWS/ApplicationELB ActiveConnectionCount Sum 300 "Name=LoadBalancer,Value=$balancer")"
wait`,
    assumed: /\b(5[789]\d|6[012]\d)(\.0)?\b/,
  },
  "capacity-units": {
    page: "docs/guide-gaps.md",
    words: "Does the ALB bill both legs as active connections (AWS examples count clients)?",
    asks: `How many capacity units do ${sockets} open sockets consume?`,
    assumes: `the clients' legs only: ${sockets} / 3,000 = 0.1 of the load balancer's unit`,
    at: ["small"],
    sh: `$hold ${sockets} 480 >/dev/null &
sleep 470
echo "${sockets} sockets: $(measured AWS/ApplicationELB ConsumedLCUs Sum 420 "Name=LoadBalancer,Value=$balancer")"
wait`,
  },
  "healthy-hosts-of-a-zone": {
    page: "docs/aws.md",
    words: "m2 = HealthyHostCount, **Maximum**, LoadBalancer + TargetGroup",
    asks: "Does HealthyHostCount without a zone count the tasks of all zones, or those of the fullest one?",
    assumes: "all: its maximum is the number of running tasks, which autoscaling and the alarms rely on",
    at: ["medium"],
    sh: `running=$(aws ecs describe-services --cluster "$cluster" --services "$service" --query 'services[0].runningCount')
targets="Name=TargetGroup,Value=\${group##*:}" balance="Name=LoadBalancer,Value=$balancer"
for statistic in Minimum Maximum; do
  echo "$running tasks run; $statistic of all zones: $(measured AWS/ApplicationELB HealthyHostCount $statistic 600 "$targets" "$balance")"
done
for zone in $(aws elbv2 describe-target-health --target-group-arn "$group" \\
  --query 'TargetHealthDescriptions[].Target.AvailabilityZone' --output text | tr '\\t' '\\n' | sort -u); do
  echo "$zone: $(measured AWS/ApplicationELB HealthyHostCount Maximum 600 "$targets" "$balance" "Name=AvailabilityZone,Value=$zone")"
done`,
  },
  "alarm-to-scale-in": {
    page: "docs/aws.md",
    words: "lies 10 % below the target: 63 for 70, 72 for 80",
    asks: "At which values do the alarms of target tracking scale out and in?",
    assumes: "in 10 % below the target: 54 for 60, 63 for 70",
    at: ["small"],
    sh: `aws cloudwatch describe-alarms --alarm-name-prefix "TargetTracking-service/$cluster/" \\
  --query 'MetricAlarms[].[MetricName,ComparisonOperator,Threshold,EvaluationPeriods]' --output text`,
  },
  "time-to-start": {
    page: "docs/aws.md",
    words: "Start 30-60 s including image pull, plus one health interval",
    asks: "How many seconds does a task take from its creation to its start, and its image to be pulled?",
    assumes: "30 to 60 s",
    at: ["small", "medium"],
    sh: `aws ecs describe-tasks --cluster "$cluster" --output json \\
  --tasks $(aws ecs list-tasks --cluster "$cluster" --service-name "$service" --query 'taskArns' --output text) |
  jq --raw-output '.tasks[] | def s: sub("\\\\.[0-9]+"; "") | sub("\\\\+00:00$"; "Z") | fromdate;
    "start \\((.startedAt | s) - (.createdAt | s)) s, of which pull \\((.pullStoppedAt | s) - (.pullStartedAt | s)) s"'`,
  },
  "alarms-without-data": {
    page: "docs/offline.md",
    words: "CloudWatch takes a metric of any name, with any dimensions, and then waits for data for",
    asks: "Which alarms have never had data, although the chat was used?",
    assumes: "none that treats missing data as missing",
    at: ["end"],
    sh: `aws cloudwatch describe-alarms --alarm-name-prefix "chatpop-$stack-" --state-value INSUFFICIENT_DATA \\
  --query 'MetricAlarms[].AlarmName' --output text`,
  },
  "vcpu-quota": {
    page: "docs/guide-gaps.md",
    words: "Fargate vCPU quota of new accounts",
    asks: "How many vCPU may Fargate give this account, on demand and on Spot?",
    assumes: "perhaps 6 for a new account; medium takes up to 6 while it deploys, large 50 to 64",
    at: ["small"],
    sh: `for code in L-3032A538 L-36FBB829; do
  aws service-quotas get-service-quota --service-code fargate --quota-code $code --query 'Quota.[QuotaName,Value]' --output text
done`,
  },
} as const satisfies Questions;
