# One service with native blue/green deployments. Terraform owns its form, the pipeline owns what runs in it.

data "aws_region" "current" {}

data "aws_ecs_cluster" "this" {
  cluster_name = var.cluster
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.name}"
  retention_in_days = 90
}

# RDS names its secret itself, so the platform's role for starting tasks cannot know it before.
resource "aws_iam_role_policy" "secrets" {
  for_each = var.readable_secrets
  name     = "${var.name}-${each.key}"
  role     = element(split("/", var.execution_role_arn), 1)

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "ReadAtStart"
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = each.value
    }]
  })
}

# The form of a task. Deployments register revisions of the same family with the image that they deploy.
resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = var.execution_role_arn
  task_role_arn            = var.task_role_arn
  # Revisions that ran stay there to go back to.
  skip_destroy = true

  container_definitions = jsonencode([{
    name                   = var.name
    image                  = var.bootstrap_image
    essential              = true
    readonlyRootFilesystem = true
    stopTimeout            = 30
    portMappings           = [{ containerPort = var.container_port, protocol = "tcp" }]
    environment            = [for key, value in merge({ PORT = tostring(var.container_port) }, var.environment) : { name = key, value = value }]
    secrets                = [for key, arn in var.secrets : { name = key, valueFrom = arn }]

    healthCheck = {
      command     = ["CMD", "node", "-e", "fetch('http://127.0.0.1:${var.container_port}/health').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
      interval    = 15
      timeout     = 5
      retries     = 3
      startPeriod = 20
    }

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = data.aws_region.current.region
        awslogs-stream-prefix = "task"
      }
    }
  }])
}

resource "aws_ecs_service" "this" {
  name                               = var.name
  cluster                            = data.aws_ecs_cluster.this.arn
  task_definition                    = aws_ecs_task_definition.this.arn
  desired_count                      = var.desired_count
  launch_type                        = "FARGATE"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60
  availability_zone_rebalancing      = "ENABLED"
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  # A deployment waits at the pause for the pipeline: Terraform must not wait with it.
  wait_for_steady_state = false
  tags = {
    "delivery.platform/entity"      = "component:default/${var.name}"
    "delivery.platform/environment" = var.environment_name
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [var.security_group_id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = var.routing.blue_arn
    container_name   = var.name
    container_port   = var.container_port

    advanced_configuration {
      alternate_target_group_arn = var.routing.green_arn
      production_listener_rule   = var.routing.production_rule_arn
      test_listener_rule         = var.routing.test_rule_arn
      role_arn                   = var.traffic_role_arn
    }
  }

  deployment_configuration {
    strategy             = "BLUE_GREEN"
    bake_time_in_minutes = 10

    # Test traffic reaches the new tasks, nobody else does: the pipeline smoke-tests them, then continues or rolls back.
    # When it does neither within half an hour, ECS rolls back.
    lifecycle_hook {
      target_type      = "PAUSE"
      lifecycle_stages = ["POST_TEST_TRAFFIC_SHIFT"]

      timeout_configuration {
        timeout_in_minutes = 30
        action             = "ROLLBACK"
      }
    }
  }

  alarms {
    enable      = true
    rollback    = true
    alarm_names = [aws_cloudwatch_metric_alarm.errors.alarm_name, aws_cloudwatch_metric_alarm.latency.alarm_name]
  }

  lifecycle {
    # The pipeline writes both: the revision that runs, and tags about what it verified.
    ignore_changes = [task_definition, tags, tags_all]
  }

  depends_on = [aws_iam_role_policy.secrets]
}
