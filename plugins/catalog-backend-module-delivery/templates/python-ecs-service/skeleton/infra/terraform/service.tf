# Onboarding made the service and its target group, so that the first deployment had somewhere to go. From here on this
# configuration says what they look like. What runs in the service is the pipeline's: it alone moves task_definition.
import {
  to = aws_ecs_service.this
  id = "${local.place.cluster}/${local.name}"
}

import {
  to = aws_lb_target_group.this
  id = var.target_group_arn
}

resource "aws_lb_target_group" "this" {
  vpc_id               = local.platform["vpc-id"]
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = local.port
  deregistration_delay = 30

  health_check {
    path                = "/health"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    ignore_changes  = [name, name_prefix]
    prevent_destroy = true
  }
}

resource "aws_ecs_service" "this" {
  name            = local.name
  cluster         = data.aws_ecs_service.running.cluster_arn
  task_definition = aws_ecs_task_definition.settings.arn
  desired_count   = var.tasks
  launch_type     = "FARGATE"
  propagate_tags  = "SERVICE"

  enable_ecs_managed_tags       = true
  availability_zone_rebalancing = "ENABLED"

  # A task needs time to start before the load balancer's opinion of it counts.
  health_check_grace_period_seconds  = 60
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  alarms {
    enable      = true
    rollback    = true
    alarm_names = [for alarm in local.deployment_alarms : alarm.alarm_name]
  }

  network_configuration {
    subnets          = split(",", local.platform["private-subnets"])
    security_groups  = [local.platform["service-security-group"]]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.this.arn
    container_name   = local.name
    container_port   = local.port
  }

  lifecycle {
    # The tags hold which revision the pipeline verified.
    ignore_changes  = [task_definition, tags, tags_all]
    prevent_destroy = true
  }
}
