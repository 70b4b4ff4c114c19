# What the questions share. Variables: run started region stack url cluster service tasks (the definition) database proxy
# cache balancer group (the target group) bucket logs indexes hold (the command that keeps sockets open).
set -euo pipefail
export AWS_REGION="$region" AWS_PAGER=
# Everything that a question makes carries it.
owned="Key=Acceptance,Value=$run"

# inside <Python>: runs it in a one-off task of the chat's own definition, and prints what it prints.
inside() {
  local network overrides task
  network=$(aws ecs describe-services --cluster "$cluster" --services "$service" \
    --query 'services[0].networkConfiguration' --output json)
  overrides=$(jq --null-input --arg code "$1" \
    '{containerOverrides: [{name: "chatpop-backend", command: ["python", "manage.py", "shell", "--command", $code]}]}')
  task=$(aws ecs run-task --cluster "$cluster" --task-definition "$tasks" --launch-type FARGATE \
    --network-configuration "$network" --overrides "$overrides" --query 'tasks[0].taskArn' --output text)
  aws ecs wait tasks-stopped --cluster "$cluster" --tasks "$task"
  aws logs get-log-events --log-group-name "$logs" --log-stream-name "ecs/chatpop-backend/${task##*/}" \
    --start-from-head --query 'events[].message' --output text
}

# settings <parameter> ...: PostgreSQL's own values, as the application reaches it.
settings() {
  local names
  names=$(printf "'%s'," "$@")
  inside "
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(\"select name || ' ' || setting || coalesce(' ' || unit, '') from pg_settings where name in (${names%,})\")
    print(*sorted(row[0] for row in cursor.fetchall()), sep='; ')"
}

# measured <namespace> <metric> <statistic> <seconds back> <dimension> ...: the values of each minute, oldest first.
measured() {
  local namespace=$1 metric=$2 statistic=$3 back=$4
  shift 4
  aws cloudwatch get-metric-statistics --namespace "$namespace" --metric-name "$metric" --dimensions "$@" \
    --start-time "$(($(date +%s) - back))" --end-time "$(date +%s)" --period 60 --statistics "$statistic" \
    --query "sort_by(Datapoints,&Timestamp)[].$statistic" --output text
}

# says <command ...>: its last line, whether it succeeds or not.
says() { "$@" 2>&1 | tail -n 1 || true; }
