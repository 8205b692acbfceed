# Settings of a task. A revision with them is registered here and recorded as the one that the next deployment starts
# from; docs/infrastructure.md tells how to roll it out at once.
data "aws_ecs_service" "running" {
  cluster_arn  = "arn:aws:ecs:${local.place.region}:${local.place.account}:cluster/${local.place.cluster}"
  service_name = local.name
}

data "aws_ecs_container_definition" "running" {
  task_definition = data.aws_ecs_service.running.task_definition
  container_name  = local.name
}

locals {
  task = jsondecode(templatefile("${path.module}/../ecs/task-definition.json", {
    name        = local.name
    environment = var.environment
    region      = local.place.region
    # What runs now: a revision from here changes settings only, never the version.
    image               = data.aws_ecs_container_definition.running.image
    cpu                 = var.cpu
    memory              = var.memory
    execution_role_arn  = data.aws_iam_role.this["execution"].arn
    task_role_arn       = data.aws_iam_role.this["task"].arn
    log_group           = "/ecs/${local.name}-${var.environment}"
    database_secret_arn = data.aws_secretsmanager_secret.this["database-url"].arn
    api_keys_secret_arn = data.aws_secretsmanager_secret.this["api-keys"].arn
  }))
}

resource "aws_ecs_task_definition" "settings" {
  family                   = local.task.family
  requires_compatibilities = local.task.requiresCompatibilities
  network_mode             = local.task.networkMode
  cpu                      = local.task.cpu
  memory                   = local.task.memory
  execution_role_arn       = local.task.executionRoleArn
  task_role_arn            = local.task.taskRoleArn
  container_definitions    = jsonencode(local.task.containerDefinitions)
  # An older revision may be what a rollback returns to.
  skip_destroy = true

  runtime_platform {
    cpu_architecture        = local.task.runtimePlatform.cpuArchitecture
    operating_system_family = local.task.runtimePlatform.operatingSystemFamily
  }
}

# The pipeline makes each revision from the one in this tag, and writes it itself after every verified deployment.
resource "aws_ecs_tag" "verified" {
  resource_arn = aws_ecs_service.this.id
  key          = "delivery.platform/verified"
  value        = aws_ecs_task_definition.settings.arn
}
